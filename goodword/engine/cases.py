"""Cases: examples that must hold, written as a sentence with facts and the expected decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.deciding import decide
from goodword.engine.decision import ASK, GAP, Decision
from goodword.engine.errors import EngineError, ExpressionError, FactError, near
from goodword.engine.facts import facts_from_json
from goodword.engine.feel import compile_expression, names_in, parse_expression
from goodword.engine.fields import Fields
from goodword.engine.findings import Notes
from goodword.engine.values import NUMERIC, coerce, to_plain
from goodword.engine.yaml_text import Items, Map, YamlError, read_yaml

if TYPE_CHECKING:
    from goodword.engine.book import Book

KEYS = ("says", "on", "days", "facts", "expect", "decides", "role", "note")


@dataclass(frozen=True, slots=True)
class Case:
    """One example. `policy` may name a decision (`refunds/authority`); `expect` is a part of the outputs, or `asks`."""

    says: str
    policy: str
    facts: Mapping[str, Any]
    days: Mapping[str, date]
    role: str | None
    expect: Mapping[str, Any]
    file: str
    line: int


def read_cases(book: Book, notes: Notes) -> list[Case]:
    """Every case of a book; what is wrong with one is noted, the others are read on."""
    found = []
    for name in sorted(book.files):
        if name.startswith("cases/") and name.endswith(".yaml"):
            found += _read_file(book, name, notes)
    return found


def _read_file(book: Book, name: str, notes: Notes) -> list[Case]:
    policy = name.removeprefix("cases/").removesuffix(".yaml")
    if policy not in book.policies:
        notes.error("case", name, 1, f"there is no policy `{policy}`", near(policy, list(book.policies)))
        return []
    try:
        items = read_yaml(book.files[name])
    except YamlError as error:
        notes.error("yaml", name, error.line, f"this is not YAML as a book uses it: {error}")
        return []
    if items is None:
        return []
    if not isinstance(items, Items):
        notes.error("case", name, 1, "cases are a list: each begins with `- says: …`")
        return []
    cases = []
    for item, line in zip(items, items.lines, strict=True):
        if not isinstance(item, Map):
            notes.error("case", name, line, "a case is `says`, `facts` and `expect`")
        elif case := _case(book, policy, Fields(item, name, notes, "case"), line):
            cases.append(case)
    return cases


def _case(book: Book, policy: str, fields: Fields, line: int) -> Case | None:
    fields.only(KEYS)
    says, decision = fields.required("says"), fields.text("decides")
    target = decision if "/" in decision else f"{policy}/{decision}" if decision else policy
    days = _days(book, target, fields)
    try:
        facts = _facts(book, fields.inner("facts"), days.get(book.policies[policy].governed_by))
    except EngineError as error:
        fields.error("facts", str(error))
        return None
    expect = fields.inner("expect")
    if not expect:
        fields.error("expect", "`expect` says nothing", "like {outcome: refuse, reason: hygiene-open}")
    wanted = {}
    for key, raw in expect.items():
        try:
            wanted[key] = _expected(book, key, raw)
        except ValueError as error:
            notes_line = expect.line_of(key)
            fields.notes.error("case", fields.file, notes_line, f"`expect: {key}` {error}")
            return None
    return Case(says, target, facts, days, fields.text("role") or None, wanted, fields.file, line)


def _facts(book: Book, raw: Mapping[str, Any], day: date | None) -> dict[str, Any]:
    """The facts, where a number may be worked out from parameters: `days_since_delivery: return_window + 1`.

    So a case about the edge of a limit holds on, whatever the limit is changed to. Raises EngineError.
    """
    return facts_from_json(book, {code: _worked_out(book, code, value, day) for code, value in raw.items()})


def _worked_out(book: Book, code: str, raw: Any, day: date | None) -> Any:
    fact = book.facts.get(code)
    if fact is None or fact.kind not in NUMERIC or not isinstance(raw, str) or day is None:
        return raw
    try:
        expression = parse_expression(raw)
        names = {name.name for name in names_in(expression)}
        unknown = sorted(names - set(book.parameters))
        if unknown:
            raise FactError(f"fact `{code}`: no parameter `{unknown[0]}`; {near(unknown[0], list(book.parameters))}")
        return compile_expression(expression, book.scope(day, book.currency, names))({})
    except ExpressionError as error:
        raise FactError(f"fact `{code}`: {error}") from None


def _expected(book: Book, key: str, raw: Any) -> Any:
    if key in ("asks", "gap", "fired"):
        return raw
    output = book.outputs.get(key)
    if output is None:
        raise ValueError(f"is no output: {near(key, [*book.outputs, 'asks', 'gap', 'fired'])}")
    if raw is None:
        return None
    if isinstance(raw, list) or output.kind == "list":
        raw_items = raw if isinstance(raw, list) else [raw]
        return tuple(coerce(output.element or output.kind, item, output.values or None) for item in raw_items)
    return coerce(output.kind, raw, output.values or None)


def _days(book: Book, target: str, fields: Fields) -> dict[str, date]:
    """The days of a case: `on` for all, `days` for each; without either the first day of the policy."""
    given = {key: day for key, day in fields.inner("days").items() if isinstance(day, date)}
    on = fields.day("on") or (None if given else book.policies[target.partition("/")[0]].valid_from)
    return {**({"purchase": on, "contact": on, "today": on} if on else {}), **given}


def check_case(book: Book, case: Case) -> str | None:
    """What is wrong with a case, in a sentence; None when it holds."""
    try:
        decision = decide(book, case.policy, case.facts, case.days, role=case.role)
    except EngineError as error:
        return str(error)
    differences = [
        difference for key, wanted in case.expect.items() if (difference := _difference(decision, key, wanted))
    ]
    if not differences:
        return None
    rules = f" (by {', '.join(ref.id for ref in decision.fired)})" if decision.fired else ""
    return "; ".join(differences) + rules


def _difference(decision: Decision, key: str, wanted: Any) -> str | None:
    if key == "gap":
        return None if decision.status == GAP else f"a gap was expected, but it is {_told(decision)}"
    if key == "asks":
        wanted_facts = wanted if isinstance(wanted, list) else [wanted]
        asked = decision.question in wanted_facts
        return None if asked else f"it should ask for `{wanted}`, but it {_told(decision)}"
    if key == "fired":
        fired = [ref.id for ref in decision.fired]
        return None if wanted in fired else f"rule {wanted} should have decided"
    if decision.status in (ASK, GAP) and key not in decision.outputs:
        return f"`{key}` should be {_plain(wanted)}, but it {_told(decision)}"
    found = decision.outputs.get(key)
    return None if found == wanted else f"`{key}` should be {_plain(wanted)}, but is {_plain(found)}"


def _told(decision: Decision) -> str:
    if decision.status == ASK:
        return f"asks for `{decision.question}`"
    return "finds no rule" if decision.status == GAP else f"decides {_plain(decision.outcome)}"


def _plain(value: Any) -> str:
    plain = to_plain(value)
    return (
        {True: "yes", False: "no", None: "nothing"}.get(plain, str(plain))
        if plain in (True, False, None)
        else str(plain)
    )
