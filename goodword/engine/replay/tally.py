"""Adding up a replay: who goes from which result to which, and what it costs; room does not grow with the cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from goodword.engine.replay.cases import Case
from goodword.engine.replay.results import NOT_DECIDABLE, BadLine, ChangedCase, Replayed, Result, Sum
from goodword.engine.vocabulary import Fact

MOST_BAD = 100
MOST_PERSONS = 200_000
Amounts = Sequence[int | None]


class Tally:
    """The sums of a replay so far. `judged` limits what makes two results differ to what the cases record."""

    def __init__(
        self, names: Sequence[str], facts: Mapping[str, Fact], *, shown: int, judged: Sequence[str] | None,
        each_change: Callable[[ChangedCase], None] | None = None,
    ) -> None:  # fmt: skip
        self.names, self.shown, self.judged, self.each_change = names, shown, judged, each_change
        self.few = [name for name, fact in facts.items() if fact.kind == "yes/no" or fact.values]
        self.pairs: Counter[tuple[Result, Result]] = Counter()
        self.differs: dict[tuple[Result, Result], tuple[str, ...]] = {}
        self.sums: dict[str, list[list[int]]] = {}
        self.touched: dict[str, Counter[str]] = {}
        self.persons: set[str] | None = set()
        self.changes: list[ChangedCase] = []
        self.bad_lines: list[BadLine] = []
        self.bad = self.changed = self.amounts_unknown = 0

    def add_bad(self, bad: BadLine) -> None:
        """Counts a line that could not be read."""
        self.bad += 1
        if len(self.bad_lines) < MOST_BAD:
            self.bad_lines.append(bad)

    def add(self, before: Result, after: Result, amounts: tuple[Amounts, Amounts], currency: str) -> tuple[str, ...]:
        """Counts a case. The outputs that differ are for `add_change`; usually there are none."""
        pair = (before, after)
        self.pairs[pair] += 1
        if self.names:
            self._add_amounts(pair, amounts, currency)
        return self.differing(before, after)

    def differing(self, before: Result, after: Result) -> tuple[str, ...]:
        """The outputs in which two results differ."""
        differs = self.differs.get((before, after))
        if differs is None:
            differs = self.differs[before, after] = self._differs(before, after)
        return differs

    def add_many(
        self, before: Result, after: Result, count: int, sums: tuple[Sequence[int], Sequence[int]], currency: str
    ) -> None:
        """Counts cases that come out alike, with the sums of their amounts."""
        self.pairs[before, after] += count
        if self.names and count:
            so_far = self.sums.setdefault(currency, [[0] * len(self.names), [0] * len(self.names)])
            for side, added in zip(so_far, sums, strict=True):
                side[:] = [one + other for one, other in zip(side, added, strict=True)]

    def _add_amounts(self, pair: tuple[Result, Result], amounts: tuple[Amounts, Amounts], currency: str) -> None:
        sums = self.sums.get(currency)
        if sums is None:
            sums = self.sums[currency] = [[0] * len(self.names), [0] * len(self.names)]
        unknown = False
        for side, (result, found) in enumerate(zip(pair, amounts, strict=True)):
            if result.decided:
                for place, amount in enumerate(found):
                    if amount is not None:
                        sums[side][place] += amount
                    else:
                        unknown = True
        self.amounts_unknown += unknown

    def _differs(self, before: Result, after: Result) -> tuple[str, ...]:
        if before is after:
            return ()
        names = sorted({*before.outputs, *after.outputs} if self.judged is None else self.judged)
        differs = [name for name in names if before.outputs.get(name) != after.outputs.get(name)]
        if not differs and before.label != after.label and not (before.decided and after.decided):
            return ("outcome",)
        return tuple(differs)

    def add_change(self, case: Case, before: Result, after: Result, differs: tuple[str, ...]) -> None:
        """Counts a case that comes out differently, and whom it touches."""
        self.changed += 1
        if len(self.changes) < self.shown or self.each_change:
            change = ChangedCase(case.place, case.key, case.policy, before, after, differs)
            if len(self.changes) < self.shown:
                self.changes.append(change)
            if self.each_change:
                self.each_change(change)
        facts = case.facts[-1]
        for name in self.few:
            if name in facts:
                value = facts[name]
                word = ("yes" if value else "no") if isinstance(value, bool) else value
                self.touched.setdefault(name, Counter())[word] += 1
        if case.person and self.persons is not None:
            self.persons.add(case.person)
            if len(self.persons) > MOST_PERSONS:
                self.persons = None

    def finish(self, notes: Sequence[str], seconds: float) -> Replayed:
        """What the replay found."""
        matrix: Counter[tuple[str, str]] = Counter()
        lacking: Counter[str] = Counter()
        for (before, after), number in self.pairs.items():
            matrix[before.label, after.label] += number
            if after.label == NOT_DECIDABLE:
                lacking.update(dict.fromkeys(after.lacking, number))
        sums = [
            Sum(currency, name, both[0][place], both[1][place])
            for currency, both in sorted(self.sums.items()) for place, name in enumerate(self.names)
        ]  # fmt: skip
        touched = {name: dict(self.touched[name].most_common()) for name in self.few if name in self.touched}
        return Replayed(
            sum(matrix.values()), self.bad, dict(matrix.most_common()), self.changed, tuple(sums), tuple(self.changes),
            touched, dict(lacking.most_common()), self.amounts_unknown, _count(self.persons), tuple(self.bad_lines),
            tuple(notes), seconds,
        )  # fmt: skip


def _count(persons: set[str] | None) -> int | None:
    return len(persons) if persons else None


__all__ = ["MOST_BAD", "Amounts", "Tally"]
