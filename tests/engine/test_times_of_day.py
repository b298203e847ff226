"""A time of day as a fact: in the vocabulary, cells, expressions, JSON, proofs, words."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import engine
from tests.engine.example import small_book, small_files, table

DAY = date(2026, 1, 1)
FACTS = (
    "at: {type: time, label: {en: Time}, question: {en: When?}}, written: {type: datetime}, "
    "evening: {type: yes/no, from: 'at > closing'}, clock: {type: time, from: 'time(written)'}, "
    "left: {type: duration, from: 'closing - at'}"
)
OUTPUTS = "outcome: {type: choice, values: [allow, refuse]}, until: {type: time}"
CLOSING = 'closing: {type: time, values: [{value: "17:30"}, {from: 2026-06-01, value: "18:00:30"}]}\n'
ROWS = ('1 | < @"09:00" | | refuse | ', '2 | [@"09:00"..closing] | | allow | closing', "3 | > closing | | refuse | ")
BOOK = small_book(FACTS, OUTPUTS, table("U | at | => | outcome | until", *ROWS), CLOSING)


@pytest.mark.parametrize(
    ("clock", "outcome"),
    [("00:00", "refuse"), ("08:59:59", "refuse"), ("09:00", "allow"), ("17:30", "allow"), ("17:30:01", "refuse")],
)
def test_a_table_decides_by_the_clock(clock: str, outcome: str) -> None:
    facts = engine.facts_from_json(BOOK, {"at": clock})
    assert engine.decide(BOOK, "p", facts, DAY).outcome == outcome


def test_a_limit_may_be_a_parameter_with_dates() -> None:
    decision = engine.decide(BOOK, "p", {"at": time(17, 45)}, date(2026, 6, 1))
    assert decision.outputs == {"outcome": "allow", "until": time(18, 0, 30)}
    stored = decision.to_json()
    assert (stored["facts"]["at"], stored["outputs"]["until"]) == ("17:45:00", "18:00:30")
    assert engine.Decision.from_json(stored, BOOK).outputs == decision.outputs


def test_expressions_reckon_with_it() -> None:
    rows = table("U | evening | => | outcome", "1 | yes | | refuse", "2 | no | | allow")
    book = small_book(FACTS, OUTPUTS, rows, CLOSING)
    assert engine.decide(book, "p", {"at": time(17, 31)}, DAY).outcome == "refuse"


def test_a_moment_is_not_quietly_taken_for_a_time_of_day_in_some_zone() -> None:
    rows = table("U | clock | => | outcome", '1 | < time("12:00:00") | | allow', '2 | >= @"12:00" | | refuse')
    book = small_book(FACTS, OUTPUTS, rows, CLOSING)
    with pytest.raises(engine.FactError, match="without a zone"):
        engine.decide(book, "p", {"written": datetime(2026, 1, 1, 12, 0, tzinfo=UTC)}, DAY)
    assert engine.decide(book, "p", {"clock": time(12, 0)}, DAY).outcome == "refuse"


def test_the_whole_day_is_proved_and_a_gap_is_told_in_words() -> None:
    def gaps(*rows: str) -> list[str]:
        files = small_files(FACTS, OUTPUTS, table("U | at | => | outcome | until", *rows), CLOSING)
        return [found.message for found in engine.check(files, DAY) if found.code in ("gap", "overlap")]

    assert gaps(*ROWS) == []
    assert gaps(ROWS[0], ROWS[1]) == ["`p/outcome` has no rule where at above 17:30:00 to 23:59:59"]
    assert gaps(*ROWS[1:]) == ["`p/outcome` has no rule where at from 00:00:00 and below 09:00:00"]
    assert len(gaps(ROWS[0].replace("< ", "<= "), *ROWS[1:])) == 1


@given(st.lists(st.times(), min_size=1, max_size=4, unique=True), st.times())
def test_any_limits_cut_the_day_into_parts_that_cover_it(limits: list[time], at: time) -> None:
    ordered = sorted({limit.replace(microsecond=0) for limit in limits})
    rows = [f'1 | < @"{ordered[0]}" | | allow'] if ordered[0] > time.min else []
    for number, (low, high) in enumerate(zip(ordered, [*ordered[1:], None], strict=True), start=2):
        rows.append(f'{number} | [@"{low}"..@"{high}") | | allow' if high else f'{number} | >= @"{low}" | | refuse')
    files = small_files(FACTS, OUTPUTS, table("U | at | => | outcome", *rows), CLOSING)
    assert not {found.code for found in engine.check(files, DAY)} & {"gap", "overlap", "dead"}
    decision = engine.decide(engine.parse_book(files), "p", {"at": at.replace(microsecond=0)}, DAY)
    assert decision.outcome == ("refuse" if at.replace(microsecond=0) >= ordered[-1] else "allow")


@pytest.mark.parametrize("wrong", ["25:00", "9:00", "noon", 9, "17:30+01:00"])
def test_what_is_no_time_of_day_is_refused(wrong: object) -> None:
    with pytest.raises(engine.FactError, match="fact `at` should be a time of day like 17:30, without a zone"):
        engine.facts_from_json(BOOK, {"at": wrong})


def test_it_is_asked_for_explained_and_bounded() -> None:
    assert engine.ask(BOOK, "p", {}, DAY) == "at"
    decision = engine.decide(BOOK, "p", {"at": time(17, 45)}, DAY)
    assert decision.boundary is not None
    assert (decision.boundary.limit, decision.boundary.kind) == (time(17, 30), "at_most")
    assert engine.format_value(BOOK, "at", time(17, 30), "en") == "17:30"
    assert engine.explain(decision, BOOK, "en", to="agent").boundary == (
        "Time: up to 17:30 the answer would have been “allow”; here it is 17:45."
    )


def test_a_range_of_its_own_limits_it() -> None:
    book = small_book(
        "at: {type: time, range: ['08:00', '20:00']}", OUTPUTS, table("U | at | => | outcome", "1 | - | | allow")
    )
    assert engine.decide(book, "p", {"at": time(20, 0)}, DAY).status == "decided"
    assert engine.decide(BOOK, "p", {"at": time(23, 59, 59)}, DAY).outcome == "refuse"
