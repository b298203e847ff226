"""The sweep and z3 agree, also with a reader who tries everything; large tables are answered."""

import random
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from goodword import engine
from goodword.engine import second_prover
from goodword.engine.checks import proof
from goodword.engine.findings import Finding, Notes
from goodword.engine.joint import dependent_columns
from goodword.engine.regions import sweep
from goodword.engine.sweep import Budget
from tests.engine.example import small_files, table
from tests.engine.random_tables import LIMIT, OUTPUTS, RandomTable, tables
from tests.engine.test_tables_against_a_plain_reader import SLOW

pytest.importorskip("z3")
FIRST = date(2026, 1, 1)


def proved(files: dict[str, str]) -> list[Finding]:
    notes = Notes()
    proof.check_tables(engine.parse_book(files), {"p"}, notes)
    return notes.sorted()


@SLOW
@given(tables())
def test_the_bitmap_a_linear_scan_and_z3_agree(table: RandomTable) -> None:
    book = table.book()
    for day, limit in LIMIT.items():
        compiled = book.compiled("p", "outcome", day, "EUR")
        columns = dependent_columns(book, compiled)
        found = second_prover.prove(compiled, columns, 30)
        assert found is not None
        answers = [table.answer(facts, limit) for facts in table.situations()]
        swept = [compiled.answer(end) for end in sweep(compiled, Budget(10**6), columns).ends]
        gap = None in answers
        assert (found.gap is not None, any(a.outputs is None and not a.clash for a in swept)) == (gap, gap)
        clash = "clash" in answers
        assert (found.clash is not None, any(answer.clash for answer in swept)) == (clash, clash)
        if not gap and not clash and found.dead is not None:
            alive = {row.id for facts in table.situations() for row in table.winners(facts, limit)}
            dead = {book.table("p", "outcome").rows[place].ref.row for place in found.dead}
            assert dead == {row.id for row in table.rows} - alive
        for region, wanted in ((found.gap, None), (found.clash[1] if found.clash else None, "clash")):
            if region is not None:
                assert wanted in {
                    table.answer(facts, limit)
                    for facts in table.situations()
                    if all(facts[name] in places(cells, facts[name]) for name, cells in region.items())
                }


def places(cells: Any, value: Any) -> tuple[Any, ...]:
    """The value itself if one of the cells holds it."""
    for cell in cells:
        inside = (cell.low is None or cell.low < value) and (cell.high is None or value < cell.high)
        if cell.sample == value or (not cell.single and inside):
            return (value,)
    return ()


def test_where_the_sweep_gives_up_z3_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = "days: {type: days, range: [0, 99]}, open: {type: yes/no}"
    for rows, codes in (
        (("1 | <= 10 | yes | | allow", "2 | > 10 | - | | refuse"), {"gap"}),
        (("1 | <= 10 | - | | allow", "2 | >= 10 | - | | refuse"), {"overlap"}),
        (("1 | <= 10 | - | | allow", "2 | > 10 | - | | refuse", "2.1 | > 200 | - | | allow"), {"dead"}),
        (("1 | <= 10 | - | | allow", "2 | > 10 | - | | refuse"), set()),
    ):
        files = small_files(facts, OUTPUTS, table("U | days | open | => | outcome", *rows))
        with monkeypatch.context() as patched:
            patched.setattr(proof, "STEPS", 1)
            again = proved(files)
        assert {finding.code for finding in again} == codes == {finding.code for finding in proved(files)}
        assert all(finding.line > 1 for finding in again)


def test_without_z3_a_table_too_large_is_said_to_be_unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    files = small_files("open: {type: yes/no}", OUTPUTS, table("U | open | => | outcome", "1 | - | | allow"))
    monkeypatch.setattr(proof, "STEPS", 0)
    monkeypatch.setattr(second_prover, "installed", lambda: False)
    monkeypatch.setattr(second_prover, "prove", lambda *_, **__: None)
    (finding,) = proved(files)
    assert (finding.code, finding.level) == ("proof.budget", "warning")
    assert "install goodword[prove]" in finding.hint


@pytest.mark.parametrize("dense", [True, False])
def test_two_thousand_rows_with_twenty_columns_are_answered(dense: bool) -> None:
    chance = random.Random(3)
    names = [f"f{number}" for number in range(20)]
    rows = []
    for number in range(1, 2001):
        tested = set(names) if dense else set(chance.sample(names, 3))
        cells = [f"> {chance.randrange(100)}" if name in tested else "-" for name in names]
        rows.append(" | ".join([str(number), *cells, "", chance.choice(["allow", "refuse"])]))
    facts = ", ".join(f"{name}: {{type: number, whole: yes, range: [0, 99]}}" for name in names)
    files = small_files(facts, OUTPUTS, table(" | ".join(["U", *names, "=>", "outcome"]), *rows))
    began = time.process_time()
    found = proved(files)
    assert time.process_time() - began < 20  # about 8 on an idle machine: 6 of them belong to z3
    assert {finding.code for finding in found} <= {"gap", "overlap", "proof.budget"}
    assert found
