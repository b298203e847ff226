"""Prose that contradicts, repeats or misnames what the tables read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from goodword.engine.book import Book
from goodword.engine.document import PLACEHOLDER
from goodword.engine.errors import near
from goodword.engine.findings import Notes
from goodword.engine.policy import Policy, PolicyText

DESK_WORDS = (
    "customer_name",
    "agent_name",
    "company",
    "order_number",
    "line_name",
    "refund_amount",
    "reply_by",
    "refund_by",
    "action_due",
    "today",
)
_LINK = re.compile(r"\]\(([^)\s]*#[^)\s]*)\)")
_LIST_MARKER = re.compile(r"^\s*\d+[.)]\s")
_NUMBER = re.compile(r"(?<![\w.,/:#§{-])(\d{1,9})(?![\w/:§}-]|[.,]\d)")


def check_prose(book: Book, notes: Notes) -> None:
    """Notes unknown placeholders, dead links, and numbers that repeat a parameter."""
    for policy in book.policies.values():
        numbers = _numbers(policy, book)
        for text in policy.texts.values():
            for line, row, is_say in _lines(text):
                _check_placeholders(book, text.file, line, row, is_say, notes)
                _check_links(book, policy, text.file, line, row, notes)
                _check_numbers(numbers, text.file, line, row, notes)


def _lines(text: PolicyText) -> Iterator[tuple[int, str, bool]]:
    for section in (text.intro, *text.sections.values()):
        for line, row in section.prose:
            yield line, row, False
    for say in text.says.values():
        for offset, row in enumerate(say.text.split("\n"), start=1):
            yield say.line + offset, row, True


def _check_placeholders(book: Book, file: str, line: int, row: str, is_say: bool, notes: Notes) -> None:
    known = list(book.parameters)
    if is_say:
        known += [*book.facts, *book.outputs, *DESK_WORDS]
    for name in PLACEHOLDER.findall(row):
        if name not in known:
            hint = "prose may hold parameters only" if name in book.facts or name in book.outputs else near(name, known)
            notes.error(
                "placeholder",
                file,
                line,
                f"`{{{{{name}}}}}` is no {'value' if is_say else 'parameter'} of this book",
                hint,
            )


def _check_links(book: Book, policy: Policy, file: str, line: int, row: str, notes: Notes) -> None:
    for target in _LINK.findall(row):
        if "://" in target:
            continue
        document, _, anchor = target.partition("#")
        code = document.rsplit("/", 1)[-1].split(".")[0] or policy.code
        if code not in book.policies:
            notes.error("link", file, line, f"the link `{target}` leads to no policy", near(code, list(book.policies)))
        elif anchor and anchor not in book.policies[code].clauses:
            notes.error(
                "link",
                file,
                line,
                f"the link `{target}` leads to no clause",
                near(anchor, list(book.policies[code].clauses)),
            )


def _numbers(policy: Policy, book: Book) -> dict[int, str]:
    """The numbers that parameters used by a policy stand for, by how a reader would write them."""
    used = {name for table in policy.decisions.values() for name in table.names_used()}
    for text in policy.texts.values():
        used |= {name for _, row, _ in _lines(text) for name in PLACEHOLDER.findall(row)}
    found: dict[int, str] = {}
    for code in sorted(used & set(book.parameters)):
        parameter = book.parameters[code]
        for dated in parameter.values[-1:]:
            amounts = [cents // 100 for cents in dated.value.values()] if parameter.kind == "money" else [dated.value]
            found.update({amount: code for amount in amounts if isinstance(amount, int) and amount > 2})
    return found


def _check_numbers(numbers: dict[int, str], file: str, line: int, row: str, notes: Notes) -> None:
    for number in _NUMBER.findall(_LIST_MARKER.sub("", row)):
        if int(number) in numbers:
            code = numbers[int(number)]
            notes.warning(
                "number",
                file,
                line,
                f"the number {number} repeats the parameter `{code}`",
                f"write {{{{{code}}}}}, so that text and rule cannot disagree",
            )
