"""Deciding: facts in, through the chain of tables, to one answer, one question, or an honest gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Protocol

from goodword.engine.asking import asked_for, only_answer, open_facts
from goodword.engine.book import Book, chain_link
from goodword.engine.boundary import Boundary, find_boundary
from goodword.engine.columns import Column
from goodword.engine.compiled import Answer, CompiledTable
from goodword.engine.decider import KEPT, Careful, Decider, Plan, Stop
from goodword.engine.decision import ASK, DECIDED, GAP, Decision, TableUse
from goodword.engine.errors import ExpressionError, FactError, NotFound
from goodword.engine.facts import one_currency
from goodword.engine.lifting import Floors, facts_for_floors, floors_under, lift
from goodword.engine.merging import Merged, merge
from goodword.engine.values import UNKNOWN

DAY_SOURCES = {"purchase": "order.bought_on", "contact": "message.received_on", "today": "today"}
ROLE_SOURCE = "agent.role"


class Shelf(Protocol):
    """Books by day: which version of the book was in force for a policy on a day."""

    def book_on(self, policy: str, day: date) -> Book:
        """The book in force. Raises NotFound if there was none."""
        ...


Days = Mapping[str, date] | date


@dataclass(slots=True)
class _Case:
    """One decision in the making."""

    shelf: Shelf
    policy: str
    known: dict[str, Any]  # facts as given, and the outputs of the tables read so far; nothing derived
    days: dict[str, date]
    currency: str
    role: str | None
    given: Mapping[str, Any]
    merged: Merged = field(default_factory=Merged)
    used: dict[str, Any] = field(default_factory=dict)
    tables: list[TableUse] = field(default_factory=list)
    decisive: tuple[CompiledTable, dict[str, Any], str, str] | None = None  # what set the outcome, for the boundary

    @property
    def outputs(self) -> Mapping[str, Any]:
        return self.merged.outputs

    @property
    def produced(self) -> frozenset[str]:
        return self.merged.produced

    def finish(self, status: str, still_open: tuple[str, ...] = ()) -> Decision:
        return Decision(
            policy=self.policy,
            status=status,
            outputs=dict(self.outputs),
            question=still_open[0] if still_open else None,
            open=still_open,
            fired=self.merged.fired,
            overridden=self.merged.overridden,
            facts=self.used,
            tables=tuple(self.tables),
            days=self.days,
            currency=self.currency,
            role=self.role,
            _boundary=partial(find_boundary, *self.decisive) if self.decisive and status == DECIDED else None,
        )


def decide(shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days, *, role: str | None = None) -> Decision:
    """Decides a situation by a policy and the decisions that follow it (`then:`).

    `policy` may name one decision alone, `refunds/authority`. `days` are the days by what governs ("purchase",
    "contact", "today"), or one for all; a day that is not given is taken from the fact with that source. Raises
    NotFound for a policy or decision that is not there, FactError for impossible facts, NotUnique where rules clash.
    """
    if type(days) is date and isinstance(shelf, Book):
        ready: Careful = shelf.deciders.get((policy, days, role)) or decider(shelf, policy, days, role=role)
    else:
        ready = _ready(shelf, policy, facts, days, role)
    return ready(facts)


def decider(book: Book, policy: str, day: date, *, role: str | None = None) -> Decider:
    """A policy made ready to decide many situations on one day, all in the book's currency unless they say otherwise.

    Raises NotFound for a policy or decision that is not there.
    """
    key = (policy, day, role)
    found = book.deciders.get(key)
    if found is None:
        code, _, decision = policy.partition("/")
        stops = [Stop(book, day, *link) for link in chain_of(book, code, decision)]
        careful = partial(_carefully, book, policy, day, role)
        found = _made_ready(book, key, policy, stops, {"today": day}, role, careful)
    return found


def _made_ready(
    book: Book,
    key: Any,
    policy: str,
    stops: Sequence[Stop],
    days: Mapping[str, date],
    role: str | None,
    careful: Careful,
) -> Decider:
    """A decider for a chain whose tables stand in known books, kept by the book in which it begins."""
    if len(book.deciders) >= KEPT:
        book.deciders.clear()
    told: dict[str, Any] = {}
    _add_circumstances(book, told, dict(days), role)
    spans = tuple((stop.book.hash, stop.book.epoch(stop.day), stop.policy, stop.decision) for stop in stops)
    plan = book.plans.get(spans)
    if plan is None:
        plan = book.plans[spans] = Plan(stops, book.currency)
    found = Decider(plan, policy.partition("/")[0], [stop.day for stop in stops], told, careful)
    book.deciders[key] = found
    return found


def _ready(shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days, role: str | None) -> Careful:
    """How to decide by a shelf: as a decider for the books that govern, if all governing days are known beforehand."""
    code, _, decision = policy.partition("/")
    given, careful = _given(days), partial(_carefully, shelf, policy, days, role)
    latest = _latest(given)
    book = shelf.book_on(code, latest)
    _add_days(book, facts, given)
    if _latest(given) != latest:
        return careful  # a fact says that it is later than the caller knew, and then another book may begin
    try:
        stops = []
        for link in chain_of(book, code, decision):
            day = _governing_day(shelf, given, link[0])
            if isinstance(day, str):
                return careful
            stops.append(Stop(shelf.book_on(link[0], day), day, *link))
        key = (policy, tuple(sorted(given.items())), role, tuple(stop.book.hash for stop in stops))
        found = book.deciders.get(key)
        if found is None:
            books = {(stop.policy, stop.day): stop.book for stop in stops}
            books |= {(stop.policy, latest): shelf.book_on(stop.policy, latest) for stop in stops}
            kept = partial(_carefully, _Kept({**books, (code, latest): book}), policy, given, role)
            found = _made_ready(book, key, policy, stops, given, role, kept)
        return found
    except NotFound:
        return careful  # what is missing may never be reached


def chain_of(book: Book, policy: str, decision: str = "") -> list[tuple[str, str]]:
    """The (policy, decision) pairs that are read one after the other. Raises NotFound."""
    if decision:
        return [(policy, decision)]
    found = book.policy(policy)
    if found.primary is None:
        raise NotFound(f"the policy `{policy}` has no decision table")
    return [(policy, found.primary), *(chain_link(policy, link) for link in found.then)]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a shelf said once, so that a decider kept for later never reads other books."""

    books: Mapping[tuple[str, date], Book]

    def book_on(self, policy: str, day: date) -> Book:
        return self.books[policy, day]


def _carefully(shelf: Shelf, policy: str, days: Days, role: str | None, facts: Mapping[str, Any]) -> Decision:
    return decide_carefully(shelf, policy, facts, days, role=role)


def decide_carefully(
    shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days, *, role: str | None = None
) -> Decision:
    """`decide` step by step: for questions, unknown governing days, gaps, clashes, and the whole record."""
    code, _, decision = policy.partition("/")
    given = _given(days)
    book = shelf.book_on(code, _latest(given))
    known, currency = one_currency(facts, book.currency)
    _add_circumstances(book, known, given, role)
    case = _Case(shelf, code, known, given, currency, role, facts)
    for link in chain_of(book, code, decision):
        stopped = _take(case, *link)
        if stopped:
            return stopped
    return case.finish(DECIDED)


def ask(shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days, *, role: str | None = None) -> str | None:
    """The one fact that settles most; None when everything is decided, or the book has no rule for it."""
    return decide(shelf, policy, facts, days, role=role).question


def nearest_boundary(shelf: Shelf, policy: str, facts: Mapping[str, Any], days: Days) -> Boundary | None:
    """The value of a fact nearest to this situation at which the outcome would be another one."""
    return decide(shelf, policy, facts, days).boundary


def _given(days: Days) -> dict[str, date]:
    if isinstance(days, date):
        return dict.fromkeys(DAY_SOURCES, days)
    return {name: day for name, day in days.items() if day}


def _latest(days: Mapping[str, date]) -> date:
    return days.get("today") or max(days.values(), default=date.min)


def _add_circumstances(book: Book, known: dict[str, Any], days: dict[str, date], role: str | None) -> None:
    """Facts that the call itself tells (today, the agent's role), and days that a fact tells."""
    _add_days(book, known, days)
    for fact in book.circumstances:
        if fact.code not in known:
            if fact.source == ROLE_SOURCE and role:
                known[fact.code] = role
            elif fact.source == "today" and "today" in days:
                known[fact.code] = days["today"]


def _add_days(book: Book, known: Mapping[str, Any], days: dict[str, date]) -> None:
    """The governing days that facts tell."""
    for fact in book.circumstances:
        if fact.kind == "date" and known.get(fact.code):
            for name, source in DAY_SOURCES.items():
                if fact.source == source:
                    days.setdefault(name, known[fact.code])


def _take(case: _Case, policy: str, decision: str) -> Decision | None:
    """Reads one table of the chain; returns the decision if it ends here."""
    day = _governing_day(case.shelf, case.days, policy)
    if isinstance(day, str):
        return case.finish(ASK, (day,))
    book = case.shelf.book_on(policy, day)
    compiled = book.compiled(policy, decision, day, case.currency)
    case.tables.append(TableUse(decision, policy, day, book.rules_hash))
    failed: list[FactError] = []
    values = derive(compiled, case.known, failed)
    mask, unknown = _mask(case, book, compiled, values)
    _note_used(case, book, compiled, values)
    if not mask and compiled.out_of_range(values):
        return case.finish(GAP)
    answer = compiled.answer(mask) if not unknown else only_answer(compiled, mask, unknown)
    if answer is None and failed:
        raise failed[0]
    if answer is None:
        still_open = open_facts(book, compiled, mask, unknown, values)
        askable = tuple(code for code in still_open if code not in case.produced)
        return case.finish(ASK if askable else GAP, askable)
    if answer.clash:
        raise compiled.clash(answer)
    if answer.outputs is None:
        return case.finish(GAP)
    floors = floors_under(book, compiled, day, case.currency)
    if floors.floors and floors.could_lift(answer.outputs):
        asked = _lifted(case, book, compiled, answer, floors)
        if isinstance(asked, tuple):
            return case.finish(ASK, asked)
        answer = asked
    _merge(case, book, compiled, answer)
    assert answer.outputs is not None
    if "outcome" in answer.outputs and case.outputs.get("outcome") == answer.outputs["outcome"]:
        case.decisive = case.decisive or (compiled, values, answer.outputs["outcome"], case.currency)
    return None


def _lifted(
    case: _Case, book: Book, compiled: CompiledTable, answer: Answer, floors: Floors
) -> Answer | tuple[str, ...]:
    """The answer as the law demands it, or the facts to ask for before anybody can say."""
    lifted = lift(answer, case.known, floors)
    asked = tuple(code for code in facts_for_floors(book, lifted, case.known, floors) if code not in case.produced)
    for _, law in floors.floors:
        _note_used(case, book, law, derive(law, case.known, []))
    return asked or lifted


def _governing_day(shelf: Shelf, days: Mapping[str, date], policy: str) -> date | str:
    """The day whose book decides, or the fact to ask for when nobody knows it."""
    book = shelf.book_on(policy, _latest(days))
    governed_by = book.policy(policy).governed_by
    if governed_by in days:
        return days[governed_by]
    for fact in book.circumstances:
        if fact.source == DAY_SOURCES[governed_by]:
            return fact.code
    return days.get("contact") or _latest(days)


def derive(compiled: CompiledTable, known: Mapping[str, Any], failed: list[FactError]) -> dict[str, Any]:
    """What is known, with the derived facts that can be computed; one given directly stays.

    A fact that cannot be worked out from these records counts as unknown and is added to `failed`: where it could
    matter, that error is the answer; a rule about something else is not stopped by it.
    """
    values = dict(known)
    for fact, compute in compiled.derived:
        if fact.code in values:
            continue
        try:
            value = compute(values)
            if value is None and fact.kind == "record":
                values[fact.code] = None  # known: there is no such record
            elif value is not UNKNOWN and value is not None:
                values[fact.code] = fact.settle(value)
        except ExpressionError as error:
            where = f"{fact.file}:{fact.line}: fact `{fact.code}`, `{fact.formula_on_a_line}`"
            failed.append(FactError(f"{where}: {error}"))
    return values


def _mask(case: _Case, book: Book, compiled: CompiledTable, values: Mapping[str, Any]) -> tuple[int, list[Column]]:
    """The rows that the known facts leave standing, and the columns nothing is known about."""
    mask, unknown = compiled.full, []
    for column in compiled.columns:
        value = values.get(column.name, UNKNOWN)
        if value is not UNKNOWN:
            mask &= column.look_up(value)
        elif case.produced and _never_said(case, book, compiled, column.name, values):
            mask &= column.dash
        else:
            unknown.append(column)
    return mask, unknown


def _never_said(case: _Case, book: Book, compiled: CompiledTable, name: str, values: Mapping[str, Any]) -> bool:
    """Whether a column is about an output that the chain has left empty, or about a fact derived from nothing else."""
    missing = asked_for(book, compiled, name, values)
    return bool(missing) and set(missing) <= case.produced


def _note_used(case: _Case, book: Book, compiled: CompiledTable, values: Mapping[str, Any]) -> None:
    """The facts this table reads, with what they are derived from; an amount as it was given, with its currency."""
    for name in (*compiled.table.columns, *book.base_facts(compiled.table)):
        if name in values and name not in case.outputs:
            case.used[name] = case.given.get(name, values[name])


def _merge(case: _Case, book: Book, compiled: CompiledTable, answer: Answer) -> None:
    before = case.merged
    case.merged = merge(before, compiled.table, answer, book.settings.precedence)
    case.known.update(case.outputs)
    if before.outputs.get("outcome") != case.outputs.get("outcome"):
        case.decisive = None  # a stricter outcome has its own boundary
