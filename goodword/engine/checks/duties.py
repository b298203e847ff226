"""What a good book owes: an alternative to every no, words for every reason, cases, existing roles, timely reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from goodword.engine.book import Book
from goodword.engine.cases import Case
from goodword.engine.errors import near
from goodword.engine.feel.syntax import Literal
from goodword.engine.findings import Notes
from goodword.engine.policy import Policy
from goodword.engine.tables import Row
from goodword.engine.vocabulary import SOURCES


def check_duties(book: Book, cases: Sequence[Case], today: date, notes: Notes) -> None:
    """Notes what a policy owes its readers and does not give."""
    for policy in book.policies.values():
        _check_review(policy, today, notes)
        for table in policy.decisions.values():
            for row in table.rows:
                _check_refusal(row, notes)
                _check_reason(policy, row, book, notes)
        _check_cases(policy, cases, notes)
    _check_sources(book, notes)
    _check_precedence(book, notes)
    _check_authority(book, notes)
    _check_actions(book, notes)


def _said(row: Row, output: str) -> str | None:
    node = row.outputs.get(output)
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


def _check_refusal(row: Row, notes: Notes) -> None:
    if _said(row, "outcome") == "refuse" and "alternative" not in row.outputs:
        notes.error(
            "alternative",
            row.ref.file,
            row.ref.line,
            f"rule {row.ref.id} refuses and offers nothing instead",
            "fill the `alternative` column",
        )


def _check_reason(policy: Policy, row: Row, book: Book, notes: Notes) -> None:
    reason = _said(row, "reason")
    if reason is None:
        return
    for language in book.languages:
        text = policy.texts.get(language)
        if text and reason not in text.says:
            notes.error(
                "words",
                row.ref.file,
                row.ref.line,
                f"the reason `{reason}` has no words in `{language}`",
                f"write <!-- say: {reason} --> and a quotation in {text.file}",
            )


def _check_cases(policy: Policy, cases: Sequence[Case], notes: Notes) -> None:
    if policy.decisions and not any(case.policy.partition("/")[0] == policy.code for case in cases):
        level = notes.warning if policy.status == "draft" else notes.error
        level(
            "cases", policy.file, 1, "the policy has tables but no cases", f"write examples in cases/{policy.code}.yaml"
        )


def _check_review(policy: Policy, today: date, notes: Notes) -> None:
    if policy.review_by and policy.review_by < today:
        line = policy.front.line_of("review_by")
        notes.warning(
            "review", policy.file, line, f"its review was due on {policy.review_by}", "review it and set a new day"
        )
    if policy.status == "published" and not policy.owner:
        notes.warning("owner", policy.file, 1, "the policy has no `owner`", "who answers for it?")


def _check_sources(book: Book, notes: Notes) -> None:
    for fact in book.facts.values():
        if fact.source not in SOURCES and fact.formula is None:
            notes.warning(
                "source",
                fact.file,
                fact.line,
                f"fact `{fact.code}`: the desk has no source `{fact.source}`",
                near(fact.source, SOURCES),
            )


def _check_precedence(book: Book, notes: Notes) -> None:
    outcome = book.outputs.get("outcome")
    if outcome is None or outcome.kind != "choice":
        return
    line = book.settings.lines.get("precedence", 1)
    for value in outcome.values:
        if value not in book.settings.precedence:
            notes.warning(
                "precedence",
                "book.yaml",
                line,
                f"`precedence` does not say how strict the outcome `{value}` is",
                "list every outcome, the strictest first",
            )


def _check_authority(book: Book, notes: Notes) -> None:
    output = book.outputs.get("authority")
    if output is None or output.kind == "role":
        return
    for role in output.values:
        if role not in book.roles:
            notes.error(
                "authority",
                output.file,
                output.line,
                f"`authority` names the role `{role}`, which book.yaml does not have",
                near(role, list(book.roles)),
            )


def _check_actions(book: Book, notes: Notes) -> None:
    said = {name for policy in book.policies.values() for name in policy.text(book.languages[0]).says}
    for action in book.actions.values():
        if action.due and action.due not in book.parameters:
            notes.error(
                "action",
                action.file,
                action.line,
                f"action `{action.code}`: `due` names the unknown parameter `{action.due}`",
                near(action.due, list(book.parameters)),
            )
        if action.done_say and action.done_say not in said:
            notes.error(
                "action",
                action.file,
                action.line,
                f"action `{action.code}`: no policy has the say block `{action.done_say}`",
                near(action.done_say, sorted(said)),
            )
