"""A version of the book that past cases are decided by again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from goodword.engine.decider import GIVE_UP, Derived
from goodword.engine.deciding import DAY_SOURCES, ROLE_SOURCE, chain_of, decide_carefully
from goodword.engine.decision import ASK, DECIDED
from goodword.engine.errors import EngineError, NotUnique
from goodword.engine.feel import compile_expression
from goodword.engine.merging import Merged
from goodword.engine.replay.results import NO_RULE, NOT_DECIDABLE, TWO_RULES, Result, Results, label_of
from goodword.engine.replay.walking import Facts, Place, Stand, Table
from goodword.engine.replay.whole import quick
from goodword.engine.values import Money
from goodword.engine.vocabulary import reads

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.deciding import Shelf


@dataclass(frozen=True, slots=True)
class When:
    """On which days past cases fall. With `on`, all on that day; else each on its own days, and today is `today`."""

    today: date
    on: date | None = None


class Version:
    """One policy of a book, ready for any number of cases. `shelf` is where careful decisions find their books."""

    def __init__(
        self, book: Book, policy: str, when: When, *, role: str | None = None, shelf: Shelf | None = None
    ) -> None:
        self.book, self.policy, self.when, self.role = book, policy, when, role
        self.shelf: Shelf = shelf or book
        code, _, decision = policy.partition("/")
        self.chain = chain_of(book, code, decision)
        self.governed = [book.policy(code).governed_by for code, _ in self.chain]
        self.results = Results()
        self._tables: dict[tuple[int, int, str], Table] = {}
        self._roots: dict[str, Place] = {}
        self._epochs: dict[date, int] = {}
        self.day_facts = [
            (fact.code, name) for fact in book.circumstances for name, source in DAY_SOURCES.items()
            if fact.source == source and fact.kind == "date"
        ]  # fmt: skip
        self.told_role = [fact.code for fact in book.circumstances if fact.source == ROLE_SOURCE]
        self.told_today = [fact.code for fact in book.circumstances if fact.source == "today"]

    def decide(
        self, facts: Facts, days: Mapping[str, date] | None = None, currency: str = "", role: str | None = None
    ) -> tuple[Result, dict[str, Any]]:
        """The result, and the facts with what was derived and given on the way. Never raises for what facts hold."""
        currency, role = currency or self.book.currency, role or self.role
        values = dict(facts)
        if self.told_role or self.told_today:
            self._tell(values, days, role)
        try:
            return self._walk(facts, values, days, currency), values
        except GIVE_UP:
            return self._carefully(facts, days, currency, role)

    def _tell(self, values: dict[str, Any], days: Mapping[str, date] | None, role: str | None) -> None:
        for name in self.told_role if role else ():
            values.setdefault(name, role)
        for name in self.told_today:
            values.setdefault(name, self.when.on or (days or {}).get("today", self.when.today))

    def _walk(self, facts: Facts, values: dict[str, Any], days: Mapping[str, date] | None, currency: str) -> Result:
        place = self._roots.get(currency) or self._root(currency)
        on = self.when.on
        own = None if on else self.days_of(values, days)
        if len(self.chain) > 1 and not self.given.isdisjoint(values):
            raise KeyError("an output among the facts")
        while place.result is None:
            day = on or self._governing(place, own or {})
            if isinstance(day, Place):
                place = day
                continue
            epoch = self._epochs.get(day)
            if epoch is None:
                epoch = self._epochs[day] = self.book.epoch(day)
            stand = place.stands.get(epoch) or self._stand(place, epoch, day, currency)
            place = stand.next(facts, values)
            if place.merged.outputs:
                values.update(place.merged.outputs)
        return place.result

    def days_of(self, values: Facts, days: Mapping[str, date] | None) -> dict[str, date]:
        """The days that govern a case: those it came with, and those that its facts tell."""
        found = dict(days or {})
        for code, name in self.day_facts:
            if code in values:
                found.setdefault(name, values[code])
        found.setdefault("today", self.when.today)
        return found

    def _governing(self, place: Place, days: Mapping[str, date]) -> date | Place:
        governed_by = self.governed[place.depth]
        if governed_by in days:
            return days[governed_by]
        lacking = [code for code, name in self.day_facts if name == governed_by]
        if lacking:
            return place.ended(NOT_DECIDABLE, (lacking[0],))
        return days.get("contact") or days["today"]

    def _root(self, currency: str) -> Place:
        return self._roots.setdefault(currency, Place(self.results, 0, Merged(), len(self.chain)))

    def _stand(self, place: Place, epoch: int, day: date, currency: str) -> Stand:
        key = (place.depth, epoch, currency)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = Table(self.book, *self.chain[place.depth], day, currency)
        stand = place.stands[epoch] = Stand(place, table, len(self.chain))
        return stand

    def _carefully(
        self, facts: Facts, days: Mapping[str, date] | None, currency: str, role: str | None
    ) -> tuple[Result, dict[str, Any]]:
        when = self.when.on or self.days_of(facts, days)
        given = self._with_currency(facts, currency)
        try:
            decision = decide_carefully(self.shelf, self.policy, given, when, role=role)
        except NotUnique:
            return self.results.of(TWO_RULES), {}
        except EngineError as error:
            return self.results.of(NOT_DECIDABLE, None, (str(error),)), {}
        if decision.status == DECIDED:
            outputs = decision.outputs
            return self.results.of(label_of(outputs), outputs), {**facts, **decision.facts, **outputs}
        return self.results.of(NOT_DECIDABLE if decision.status == ASK else NO_RULE, None, decision.open), {}

    def _with_currency(self, facts: Facts, currency: str) -> dict[str, Any]:
        if currency == self.book.currency:
            return dict(facts)
        money = {code for code in facts if code in self.book.facts and self.book.facts[code].kind == "money"}
        return {code: Money(value, currency) if code in money else value for code, value in facts.items()}

    @cached_property
    def given(self) -> frozenset[str]:
        """Every output that the chain may give."""
        return frozenset(name for code, decision in self.chain for name in self.book.table(code, decision).outputs)

    @cached_property
    def money_outputs(self) -> tuple[str, ...]:
        """The amounts among what the chain may give."""
        return tuple(sorted(name for name in self.given if self.book.outputs[name].kind == "money"))

    @cached_property
    def money_facts(self) -> tuple[str, ...]:
        """The amounts that follow from what the chain gives, like the refund of a percentage."""
        vocabulary = self.book.vocabulary
        facts = [fact for fact in self.book.facts.values() if fact.kind == "money" and fact.formula]
        return tuple(fact.code for fact in facts if reads(fact.code, vocabulary) & self.given
                     and reads(fact.code, vocabulary) & set(self.book.outputs) <= self.given)  # fmt: skip

    @cached_property
    def amount_names(self) -> tuple[str, ...]:
        """All amounts: those given, and those that follow."""
        return self.money_outputs + self.money_facts

    @cached_property
    def _following(self) -> list[Derived]:
        """What has to be worked out for the amounts, in order."""
        vocabulary = self.book.vocabulary
        needed = {name for code in self.money_facts for name in {code, *reads(code, vocabulary)}}
        derived = [fact for fact in self.book.facts.values() if fact.formula and fact.code in needed]
        derived.sort(key=lambda fact: (len(reads(fact.code, vocabulary)), fact.code))
        scope = self.book.scope(self.when.on or self.when.today, self.book.currency)
        return [
            quick(Derived(fact, self.book.inputs_of(fact), compile_expression(fact.formula, scope)), scope)
            for fact in derived if fact.formula
        ]  # fmt: skip

    @cached_property
    def _settled_on_the_way(self) -> bool:
        """Whether the walk itself works the amounts out, after all that they depend on has been given."""
        vocabulary = self.book.vocabulary
        for code in self.money_facts:
            wanted = reads(code, vocabulary) & self.given
            places = range(len(self.chain))
            gives = [place for place in places if wanted & set(self.book.table(*self.chain[place]).outputs)]
            tests = [place for place in places if code in self.book.table(*self.chain[place]).columns]
            if not tests or tests[-1] <= gives[-1]:
                return False
        return True

    def amounts(self, result: Result, values: dict[str, Any]) -> list[int | None]:
        """The amounts of a decision, `money_outputs` first, then `money_facts`; None where a record lacks it."""
        found: list[int | None] = [result.outputs.get(name, 0) for name in self.money_outputs]
        if self.money_facts and not (self._settled_on_the_way and all(name in values for name in self.money_facts)):
            for derived in self._following:
                values.pop(derived.name, None) if derived.name in self.money_facts else None
                try:
                    derived.add_to(values)
                except GIVE_UP:
                    continue
        return found + [values.get(name) if self.follows(name, result) else 0 for name in self.money_facts]

    def follows(self, name: str, result: Result) -> bool:
        """Whether a decision gives what an amount follows from; where it grants nothing of the kind it is nothing."""
        return self._given_for[name] <= result.outputs.keys()

    @cached_property
    def _given_for(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(reads(name, self.book.vocabulary) & self.given) for name in self.money_facts}


__all__ = ["Version", "When"]
