"""Past cases decided again: by two versions of a book, or as they were decided then and by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from goodword.engine.errors import EngineError, FactError, NotFound
from goodword.engine.replay.cases import Case, CaseFile, CaseMaker, open_cases, stored_case
from goodword.engine.replay.indexing import Index, NotIndexed, build_index
from goodword.engine.replay.needed import inputs_from_outputs, refuse_missing
from goodword.engine.replay.results import UNRECORDED, BadLine, ChangedCase, Replayed, Result, Results, Sum, label_of
from goodword.engine.replay.tally import Amounts, Tally
from goodword.engine.replay.version import Version, When
from goodword.engine.values import Money

if TYPE_CHECKING:
    from goodword.engine.book import Book

EVERY = 5_000  # cases between two words to the progress bar
Progress = Callable[[int], None]
Cases = CaseFile | Iterable[Case | BadLine]


@dataclass(frozen=True, slots=True)
class Options:
    """How to replay. `on` moves all cases to one day; `policy` is for cases that name none.

    Of the changes `shown` are kept; `each_change` is told all of them.
    """

    policy: str = ""
    on: date | None = None
    today: date | None = None
    role: str | None = None
    shown: int = 20
    allow_missing: bool = False
    progress: Progress | None = None
    each_change: Callable[[ChangedCase], None] | None = None


def replay(cases: Cases, books: Sequence[Book], options: Options | None = None) -> Replayed:
    """Decides past cases again by one book (beside what was decided then) or by two (before, after), and adds up.

    Cases stream: the room needed does not grow with them. Raises FactError before the start where a file lacks a
    column that the policy reads, and NotFound for a policy that is not there.
    """
    options = options or Options()
    began = time.perf_counter()
    today = options.today or datetime.now(ZoneInfo(books[-1].time_zone)).date()
    policy = options.policy or only_policy(books[-1])
    notes: list[str] = []
    if isinstance(cases, CaseFile):
        notes = _prepare(cases, books, policy, options)
    replaying = _Replaying(books, When(today, options.on), policy, options, cases)
    index = replaying.index(cases) if isinstance(cases, CaseFile) else None
    added = _quickly(cases, index, replaying) if isinstance(cases, CaseFile) and index else _added(cases, replaying)
    done = 0
    for done in added:
        if options.progress and done % EVERY == 0:
            options.progress(done)
    if options.progress:
        options.progress(done)
    if index:
        replaying.add_situations(index)
    return replaying.finish(notes, time.perf_counter() - began)


def _added(cases: Cases, replaying: _Replaying) -> Iterator[int]:
    """Adds every case; gives how many so far."""
    for done, case in enumerate(cases, start=1):
        if isinstance(case, BadLine):
            replaying.add_bad(case)
        else:
            replaying.add(case)
        yield done


def _quickly(cases: CaseFile, index: Index, replaying: _Replaying) -> Iterator[int]:
    """Adds every case by the situation that it lies in."""
    maker = CaseMaker(cases)
    for done, line in enumerate(cases.lines(), start=1):
        if isinstance(line, BadLine):
            replaying.add_bad(line)
        else:
            number, cells = line
            try:
                replaying.add_line(index, maker, number, cells)
            except (EngineError, ValueError) as error:
                replaying.add_bad(BadLine(number, str(error)))
        yield done


def only_policy(book: Book) -> str:
    """The policy that cases without one belong to: the only one with a table, if so."""
    codes = [code for code, policy in book.policies.items() if policy.primary]
    return codes[0] if len(codes) == 1 else ""


def _prepare(cases: CaseFile, books: Sequence[Book], policy: str, options: Options) -> list[str]:
    notes = []
    if policy:
        cases.inputs = inputs_from_outputs(books, policy)
        cases.then = tuple(name for name in cases.then if name not in cases.inputs) if cases.then else cases.then
    if cases.columns and "policy" not in cases.columns:
        if not policy:
            raise FactError(
                f"{cases.path}: which policy are these cases about? Name it (--policy), or add a column `policy`"
            )
        missing = refuse_missing(cases, books, policy, options)
        if missing:
            notes.append(f"no column for {', '.join(missing)}: unknown in every case")
    if cases.ignored:
        notes.append(f"columns not used: {', '.join(cases.ignored)}")
    return notes


class _Replaying:
    """The versions of every policy that the cases are about, and the sums so far."""

    def __init__(self, books: Sequence[Book], when: When, policy: str, options: Options, cases: Cases) -> None:
        self.books, self.when, self.policy, self.options = books, when, policy, options
        self.recorded = Results()
        self.versions: dict[str, list[Version]] = {}
        self.names: dict[str, list[list[int | None]]] = {}
        self.alone = len(books) == 1
        judged = cases.then if isinstance(cases, CaseFile) and self.alone else None
        self.all_names = _amount_names(books, when, policy, options.role)
        facts = {code: fact for book in books for code, fact in book.facts.items()}
        self.tally = Tally(self.all_names, facts, shown=options.shown, judged=judged, each_change=options.each_change)

    def add_bad(self, bad: BadLine) -> None:
        """Counts a line that could not be read."""
        self.tally.add_bad(bad)

    def add(self, case: Case) -> None:
        """Decides a case by every version, and counts it."""
        policy = case.policy = case.policy or self.policy
        versions = self.versions.get(policy)
        if versions is None:
            try:
                versions = self._ready(policy)
            except NotFound as error:
                self.tally.add_bad(BadLine(case.place, str(error)))
                return
        after = versions[-1]
        currency = case.currency or after.book.currency
        result, values = after.decide(case.facts[-1], case.days, currency, case.role)
        paid = self._amounts(after, policy, result, values, 1)
        if self.alone:
            before, was = self._then(case, after)
        else:
            earlier = versions[0]
            before, held = earlier.decide(case.facts[0], case.days, case.currency or earlier.book.currency, case.role)
            was = self._amounts(earlier, policy, before, held, 0)
        differs = self.tally.add(before, result, (was, paid), currency)
        if differs:
            self.tally.add_change(case, before, result, differs)

    def index(self, cases: CaseFile) -> Index | None:
        """The index that makes replaying these cases quick, if there can be one."""
        if not cases.columns or self.alone or not self.policy or {"currency", "role", "policy"} & set(cases.columns):
            return None
        try:
            return build_index(self._ready(self.policy), cases.columns, self.all_names)
        except NotIndexed:
            return None

    def add_line(self, index: Index, maker: CaseMaker, number: int, cells: Sequence[str]) -> None:
        """Counts a line of cells. Raises FactError for a value that a fact cannot have."""
        try:
            place = index.mark(cells)
            found = index.known.get(place)
            if found is None:
                facts = maker.make(number, cells).facts
                before, after = (version.decide(facts[side])[0] for side, version in enumerate(index.versions))
                found = index.learn(place, before, after, self.tally.differing(before, after))
        except NotIndexed:
            self.add(maker.make(number, cells))
            return
        found.add(cells)
        if found.differs:
            case = maker.make(number, cells)
            case.policy = self.policy
            self.tally.add_change(case, found.before, found.after, found.differs)

    def add_situations(self, index: Index) -> None:
        """Adds up what was counted by situation."""
        currency = index.versions[-1].book.currency
        for found in index.known.values():
            self.tally.add_many(found.before, found.after, found.count, found.totals(), currency)
            self.tally.amounts_unknown += found.lacking

    def _ready(self, policy: str) -> list[Version]:
        if not policy:
            raise NotFound("this case names no policy: name one for all (--policy), or give each its `policy`")
        versions = [Version(book, policy, self.when, role=self.options.role) for book in self.books]
        self.versions[policy] = versions
        return versions

    def _amounts(self, version: Version, policy: str, result: Result, values: dict[str, object], side: int) -> Amounts:
        if not self.all_names:
            return ()
        if not result.decided:
            return [None] * len(self.all_names)
        found = dict(zip(version.amount_names, version.amounts(result, values), strict=True))
        return [found.get(name, 0) for name in self.all_names]

    def _then(self, case: Case, version: Version) -> tuple[Result, Amounts]:
        """What was decided then, with its amounts as far as they were recorded."""
        then = {name: value for name, value in (case.then or {}).items() if value is not None}
        if not then:
            return self.recorded.of(UNRECORDED), [None] * len(self.all_names)
        result = self.recorded.of(label_of(then), then)
        values = {**case.facts[0], **then}
        found = dict(zip(version.amount_names, version.amounts(result, values), strict=True))
        return result, [_cents(found.get(name, 0)) for name in self.all_names]

    def finish(self, notes: Sequence[str], seconds: float) -> Replayed:
        """What the replay found."""
        return self.tally.finish(notes, seconds)


def _cents(amount: object) -> int | None:
    if isinstance(amount, Money):
        return amount.cents
    return amount if isinstance(amount, int) else None


def _amount_names(books: Sequence[Book], when: When, policy: str, role: str | None) -> list[str]:
    """The amounts that any version may give, each once."""
    names: dict[str, None] = {}
    for book in books:
        codes = [policy] if policy else [code for code, each in book.policies.items() if each.primary]
        for code in codes:
            if code.partition("/")[0] in book.policies:
                names.update(dict.fromkeys(Version(book, code, when, role=role).amount_names))
    return list(names)


def as_mapping(matrix: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """A change matrix as rows: before -> after -> cases."""
    rows: dict[str, dict[str, int]] = {}
    for (before, after), number in matrix.items():
        rows.setdefault(before, {})[after] = number
    return rows


__all__ = [
    "BadLine", "Case", "CaseFile", "ChangedCase", "Options", "Replayed", "Result", "Sum", "Version", "When",
    "as_mapping", "only_policy", "open_cases", "replay", "stored_case",
]  # fmt: skip
