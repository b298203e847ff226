"""A table whose order decides is read with a warning, and with the rules that say the same without an order."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import engine
from goodword.engine.first_hit import without_order
from tests.engine.example import small_book, small_files, table
from tests.engine.random_tables import CELLS, DOMAINS, FACTS, LIMIT, OUTPUTS, PARAMETERS, RandomRow, RandomTable

DAY = date(2026, 1, 1)
AMISS = {"overlap", "exceptions", "overrides", "table.hit", "table.row", "circle"}


@st.composite
def ordered_tables(draw: st.DrawFn) -> RandomTable:
    columns = tuple(draw(st.lists(st.sampled_from(sorted(DOMAINS)), min_size=1, max_size=3, unique=True)))
    rows = [
        RandomRow(
            str(number), {name: draw(CELLS[name]) for name in columns}, draw(st.sampled_from(["refuse", "allow"]))
        )
        for number in range(1, draw(st.integers(1, 6)) + 1)
    ]
    return RandomTable("F", columns, tuple(rows))


def clause(whole: RandomTable, rows: tuple[RandomRow, ...], name: str) -> str:
    lines = [" | ".join([row.id, *(row.cells[name][0] for name in whole.columns), "", row.outcome]) for row in rows]
    return table(" | ".join(["F", *whole.columns, "=>", "outcome"]), *lines, clause=name)


def page(rewrite: str) -> str:
    """The rewrite under headings; only a clause that overrides others brings its own comment."""
    parts = [part for part in rewrite.split("\n\n") if not part.startswith("<!--")]
    comments = [part for part in rewrite.split("\n\n") if part.startswith("<!--")]
    comments += [f"<!-- #c{number} -->" for number in range(len(comments), len(parts))]
    return "".join(f"## A clause\n{said}\n\n{part}\n\n" for said, part in zip(comments, parts, strict=True))


@settings(max_examples=150, deadline=None)
@given(ordered_tables(), st.integers(0, 6))
def test_the_rewrite_gives_every_situation_the_answer_of_the_first_row_that_holds(whole: RandomTable, cut: int) -> None:
    parts = [part for part in (whole.rows[:cut], whole.rows[cut:]) if part]
    tables = "".join(clause(whole, part, f"c{number}") for number, part in enumerate(parts))
    book = small_book(FACTS, OUTPUTS, tables, PARAMETERS)
    rewrite = without_order(book, "p")
    files = {**book.files, "p.md": book.files["p.md"].replace(tables, page(rewrite))}
    again = engine.parse_book(files)
    for day, limit in LIMIT.items():
        for facts in whole.situations():
            first = next((row.outcome for row in whole.rows if row.holds(facts, limit)), None)
            assert engine.decide(book, "p", facts, day).outcome == first
            assert engine.decide(again, "p", facts, day).outcome == first
    assert not {finding.code for finding in engine.check(files, DAY)} & AMISS


def test_check_offers_the_rewrite_beside_its_warning() -> None:
    rows = ("1 | yes | <= 3 | | allow", "2 | yes | - | | refuse", "3 | no | > 8 | | refuse", "4 | - | - | | allow")
    files = small_files(FACTS, OUTPUTS, table("F | open | days | => | outcome", *rows))
    (finding,) = [finding for finding in engine.check(files, DAY) if finding.code == "table.hit"]
    assert str(finding) == (
        "p.md:8: warning: `p/outcome`: F lets the order of rows decide in silence "
        "(these U rows say the same, by marked exceptions)"
    )
    assert finding.rewrite.splitlines() == [
        "| U | open | days | => | outcome |",
        "| --- | --- | --- | --- | --- |",
        "| 1 | - | - |  | allow |",
        "| 1.1 | yes | - |  | refuse |",
        "| 1.1.1 | yes | <= 3 |  | allow |",
        "| 1.2 | no | > 8 |  | refuse |",
    ]
    assert finding.to_json()["rewrite"] == finding.rewrite


def test_a_row_that_the_rows_above_leave_nothing_is_dead_under_f_as_well() -> None:
    rows = ("1 | - | | allow", "2 | yes | | refuse")
    files = small_files(FACTS, OUTPUTS, table("F | open | => | outcome", *rows))
    dead = [finding.message for finding in engine.check(files, DAY) if finding.code == "dead"]
    assert dead == ["rule p#c:2 never decides: other rules override it, or no value fits"]


def test_no_rewrite_is_offered_where_rows_already_override_others() -> None:
    rows = ("1 | yes | | allow", "1.1 | yes | | refuse", "2 | - | | refuse")
    files = small_files(FACTS, OUTPUTS, table("F | open | => | outcome", *rows))
    (finding,) = [finding for finding in engine.check(files, DAY) if finding.code == "table.hit"]
    assert (finding.rewrite, finding.hint) == ("", "use U and mark exceptions as 1.1")
