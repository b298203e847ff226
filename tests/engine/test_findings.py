"""Every mistake in a book is told with its place and with what to do about it."""

from datetime import date

import pytest

from goodword import engine
from tests.engine.example import TODAY, changed, example_files
from tests.engine.mistakes_in_policies import IN_POLICIES
from tests.engine.mistakes_in_vocabulary import IN_VOCABULARY

MISTAKES = IN_POLICIES | IN_VOCABULARY


def told(files: dict[str, str], today: date = TODAY) -> list[str]:
    return [str(finding) for finding in engine.check(files, today)]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_mistake_is_told_with_its_place(mistake: str) -> None:
    change, message = MISTAKES[mistake]
    findings = told(changed(*change))
    assert any(finding.startswith(message) for finding in findings), "\n".join(findings)


def test_a_book_with_a_mistake_cannot_be_read_and_says_all_of_them() -> None:
    files = changed("returns.md", "| U | faulty |", "| U | fautly |")
    with pytest.raises(engine.BookError) as raised:
        engine.parse_book(files)
    assert [finding.code for finding in raised.value.findings] == ["unknown"]


def test_a_policy_with_tables_and_no_cases_is_an_error() -> None:
    files = example_files()
    del files["cases/returns.yaml"]
    assert told(files) == [
        "returns.md:1: error: the policy has tables but no cases (write examples in cases/returns.yaml)"
    ]


def test_a_policy_that_is_not_translated_is_an_error() -> None:
    files = example_files()
    del files["returns.da.md"]
    assert told(files) == ["returns.md:1: error: the policy is not translated to `da` (write returns.da.md)"]


def test_a_rule_that_is_always_overridden_is_a_warning() -> None:
    files = changed("returns.md", "| 1 | yes    |    |", "| 1 | -      |    |")
    dead = [finding for finding in engine.check(files, TODAY) if finding.code == "dead"]
    assert str(dead[0]) == (
        "returns.md:24: warning: rule returns#window:1 never decides: other rules override it, or no value fits "
        "(remove it, or mend its conditions)"
    )
    assert [finding.line for finding in dead] == [24, 25, 26, 35]


def test_a_folder_without_a_book_is_told() -> None:
    assert [finding.code for finding in engine.check("/nowhere/at/all", TODAY)] == ["folder"]


def test_an_empty_book_is_told_and_not_raised() -> None:
    assert {finding.file for finding in engine.check({}, TODAY)} == {"book.yaml", "facts.yaml"}


def test_a_file_that_is_not_utf8_is_told(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    for name, text in example_files().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "returns.da.md").write_bytes(b"\xff\xfe\x00")
    assert [str(finding) for finding in engine.check(folder, TODAY)] == [
        "returns.da.md:1: error: this is not UTF-8 text"
    ]


def test_aliases_cannot_blow_up_a_file() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{later}: &{later} [{', '.join([f'*{earlier}'] * 9)}]\n"
        for earlier, later in zip("abcdefg", "bcdefgh", strict=True)
    )
    files = {**example_files(), "parameters.yaml": bomb}
    assert any("grow without end" in finding for finding in told(files))


def test_an_expression_nested_a_thousand_deep_is_told() -> None:
    deep = "(" * 1000 + "1" + ")" * 1000
    files = changed("facts.yaml", "price * refund_percent / 100", deep)
    assert any("nested deeper than 40 levels" in finding or "longer than" in finding for finding in told(files))


def test_findings_stand_in_order_of_file_and_line() -> None:
    files = changed("returns.md", 'hygiene-open | "voucher"   |', "hygiene-open |             |")
    files["book.yaml"] = files["book.yaml"].replace("DKK", "kroner", 1)
    places = [(finding.file, finding.line) for finding in engine.check(files, TODAY)]
    assert places == sorted(places)
    assert len(places) >= 2


def test_a_chain_that_reads_what_nobody_gives_is_told() -> None:
    files = changed("returns.md", "decides: authority, audience", "decides: outcome, audience")
    files = {**files, "returns.md": files["returns.md"].replace("then: [authority]", "then: []")}
    assert (
        "returns.md:22: error: `returns/outcome` reads the output `outcome`, which no table before it in the chain of "
        "`returns` gives (put the table that gives it before this one in `then:`)"
    ) in told(files)


def test_a_chain_that_reads_what_nobody_gives_names_the_fact_that_reads_it() -> None:
    files = changed("returns.md", "then: [authority]", "then: []")
    files["returns.md"] = files["returns.md"].replace("days_since_delivery | =>", "refund_amount       | =>")
    assert [line for line in told(files) if "reads the output" in line] == [
        "returns.md:22: error: `returns/outcome` reads the output `refund_percent` (for `refund_amount`, "
        "facts.yaml:37), which no table before it in the chain of `returns` gives "
        "(put the table that gives it before this one in `then:`)"
    ]


def test_not_before_in_is_told_how_to_be_written() -> None:
    files = changed("facts.yaml", "from: price * refund_percent / 100", "from: if price not in (1, 2) then 1 else 2")
    hint = "`not` goes around the whole of it, like `not(kind in (1, 2))`"
    assert any(line.startswith("facts.yaml:") and hint in line for line in told(files))


def test_an_output_left_empty_must_have_a_rule_further_on() -> None:
    files = changed("returns.md", '| "refuse" | 0              | late    |', '| "refuse" |                | late    |')
    narrower = files["returns.md"].replace('| 1   | "refuse" | -              |', '| 1   | "refuse" | >= 0           |')
    assert told(files) == []
    assert told({**files, "returns.md": narrower}) == [
        "returns.md:26: error: after rule returns#window:3, which leaves `refund_percent` empty, "
        "`returns/authority` has no rule in any situation (fill it here, or add a row with `-` in returns.md)"
    ]
