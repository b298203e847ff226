"""Prose that contradicts, repeats or misnames what the tables read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from goodword.engine.book import Book
from goodword.engine.checks.amounts import amounts_in, smallest_units
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
_DIGIT = re.compile(r"\d")
_LIST_MARKER = re.compile(r"^\s*\d+[.)]\s")
_NUMBER = re.compile(r"(?<![\w.,/:#§{-])(\d{1,9})(?![\w/:§}-]|[.,]\d)")


def check_prose(book: Book, notes: Notes) -> None:
    """Notes unknown placeholders, dead links, and numbers that repeat a parameter."""
    for policy in book.policies.values():
        kept = _kept(policy, book)
        for text in policy.texts.values():
            for line, row, is_say in _lines(text):
                if "{{" in row:
                    _check_placeholders(book, text.file, line, row, is_say, notes)
                if "](" in row:
                    _check_links(book, policy, text.file, line, row, notes)
                if _DIGIT.search(row):
                    _check_numbers(kept, text.file, line, row, notes)


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """What parameters used by a policy stand for, by how a reader would write it."""

    numbers: Mapping[int, str]
    amounts: Mapping[tuple[str, int], str]


def _kept(policy: Policy, book: Book) -> _Kept:
    used = {name for table in policy.decisions.values() for name in table.names_used()}
    for text in policy.texts.values():
        used |= {name for _, row, _ in _lines(text) for name in PLACEHOLDER.findall(row)}
    numbers: dict[int, str] = {}
    amounts: dict[tuple[str, int], str] = {}
    for code in sorted(used & set(book.parameters)):
        parameter = book.parameters[code]
        for dated in parameter.values[-1:]:
            if parameter.kind == "money":
                amounts.update(dict.fromkeys(dated.value.items(), code))
                numbers.update({cents // 100: code for cents in dated.value.values() if cents > 299})
            elif isinstance(dated.value, int) and dated.value > 2:
                numbers[dated.value] = code
    return _Kept(numbers, amounts)


def _check_numbers(kept: _Kept, file: str, line: int, row: str, notes: Notes) -> None:
    said: list[tuple[str, str]] = []
    for amount in amounts_in(row, {currency for currency, _ in kept.amounts}):
        of = {(currency, smallest_units(amount.number, currency)) for currency in amount.currencies}
        said += [(f"amount {amount.text}", code) for key, code in kept.amounts.items() if key in of]
        row = row.replace(amount.text, "")
    bare = _NUMBER.findall(_LIST_MARKER.sub("", row))
    said += [(f"number {number}", kept.numbers[int(number)]) for number in bare if int(number) in kept.numbers]
    for what, code in said:
        message = f"the {what} repeats the parameter `{code}`"
        notes.warning("number", file, line, message, f"write {{{{{code}}}}}, so that text and rule cannot disagree")
