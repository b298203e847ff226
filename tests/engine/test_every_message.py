"""Each further class of mistake in a book has its own message, with file and line; none is passed in silence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from goodword import engine
from goodword.engine.checks import floors
from goodword.engine.feel import Scope, compile_expression, parse_expression
from goodword.engine.values import coerce
from tests.engine.example import TODAY, changed, example_files, small_files, table

HEADING = "| U | faulty | => | outcome | refund_percent | reason | do         |"
ROW = '| 1 | yes    |    | "allow" | 100            | fault  | ["refund"] |'
Edit = tuple[str, str, str]
MISTAKES: dict[str, tuple[Edit, str]] = {
    "no front matter": (
        ("returns.md", "---\npolicy: returns", "policy: returns"),
        "returns.md:1: error: a policy begins with its front matter between two lines of ---",
    ),
    "no first day": (
        ("returns.md", "valid_from: 2026-01-01\n", ""),
        "error: the front matter: `valid_from` is missing",
    ),
    "an order that is no number": (
        ("returns.md", "order: 10 ", "order: first "),
        "error: the front matter: `order` should be a whole number: the place in the handbook",
    ),
    "a text where a list is meant": (
        ("returns.md", 'recognise: [return, "send back"]', "recognise: {a: b}"),
        "`recognise` should be a list like [a, b]",
    ),
    "a list where a text is meant": (
        ("returns.md", "owner: customer-service manager", "owner: [a, b]"),
        "`owner` should be text",
    ),
    "words that are no text": (
        ("book.yaml", "mission: {en: Sleep well., da: Sov godt.}", "mission: [a]"),
        "`mission` should be a text per language, like {en: …, da: …}",
    ),
    "a list of departments": (
        ("book.yaml", "departments: {finance: {en: Finance, da: Økonomi}}", "departments: finance"),
        "`departments` should hold `name: value` pairs",
    ),
    "a holiday without its day": (
        ("book.yaml", "{on: 2026-12-24, name: {en: Christmas Eve, da: Juleaften}}", "{name: {en: Eve}}"),
        "each extra holiday is {on: 2026-12-24, name: …}",
    ),
    "a membership without a name": (
        ("book.yaml", '{name: Nordic Sleep Traders, url: "https://example.org"}', "Traders"),
        "each membership is `{name: …, url: …}`",
    ),
    "a fact that is a bare word": (
        ("facts.yaml", "  opened:\n    type: yes/no\n", "  broken: yes\n  opened:\n    type: yes/no\n"),
        "`broken` should hold `name: value` pairs",
    ),
    "a range of a text": (
        (
            "facts.yaml",
            '    question: {en: "Has it been opened?"',
            '    range: [1, 2]\n    question: {en: "Has it been opened?"',
        ),
        "`range` is [lowest, highest] of a number, date, time or duration",
    ),
    "a protected fact used without a reason": (
        ("facts.yaml", "    source: ask\n", "    source: ask\n    protected: yes\n    may_use: routing\n"),
        "a protected fact that may be used needs a `reason`",
    ),
    "a protected fact for no purpose": (
        (
            "facts.yaml",
            "    source: ask\n",
            "    source: ask\n    protected: yes\n    may_use: prices\n    reason: because\n",
        ),
        "`prices` is no purpose a protected fact may serve",
    ),
    "a list of something unknown": (
        ("facts.yaml", "do: {type: list, of: actions", "do: {type: list, of: things"),
        "a list is `of: actions` or of a type, not of `things`",
    ),
    "a parameter's value that is no pair": (
        ("parameters.yaml", '{from: 2026-12-01, value: 30, source: "Board, 2026-10-02"}', "30"),
        "each value is {from: 2026-01-01, value: 30, source: …}",
    ),
    "two arrows": (
        ("returns.md", HEADING, HEADING.replace("| refund_percent", "| =>            ")),
        "a table has one `=>` column, between its inputs and its outputs",
    ),
    "nothing behind the arrow": (
        (
            "returns.md",
            f"{HEADING}\n|:--|:-------|:--:|:--------|:---------------|:-------|:-----------|\n{ROW}",
            "| U | faulty | => |\n|---|---|---|\n| 1 | yes | |",
        ),
        "the table has no output column after `=>`",
    ),
    "a column without a name": (("returns.md", HEADING, HEADING.replace("faulty", "      ")), "a column has no name"),
    "two columns of one name": (
        ("returns.md", HEADING, HEADING.replace("refund_percent", "outcome       ")),
        "two columns are called `outcome`",
    ),
    "a list as a column": (
        ("returns.md", HEADING, HEADING.replace("faulty", "do    ")),
        "`do` is a list and cannot be a column",
    ),
    "a comment that names no clause in its place": (
        (
            "returns.md",
            "What arrives faulty is ours to put right.\n",
            "What arrives faulty is ours to put right.\n\n<!-- #again -->\n",
        ),
        "`#again` must stand directly under its heading",
    ),
    "a say block announced in passing": (
        ("returns.md", "<!-- say: late -->", "<!-- please say: late now -->"),
        "a say block is announced by `<!-- say: its-name -->` on a line of its own",
    ),
    "two say blocks of one name": (
        ("returns.md", "<!-- say: fault -->", "<!-- say: late -->"),
        "there is already a say block `late` in this file",
    ),
    "a number for a choice": (
        (
            "returns.md",
            '| 1 | "hygiene" | yes    |    | "refuse" | 0              | hygiene-open',
            '| 1 | 5         | yes    |    | "refuse" | 0              | hygiene-open',
        ),
        "`category` is a choice: one of general, hygiene",
    ),
    "a link to no policy": (
        ("returns.md", "(#faults)", "(nowhere.md#faults)"),
        "the link `nowhere.md#faults` leads to no policy",
    ),
    "no owner": (
        ("returns.md", "owner: customer-service manager\n", ""),
        "warning: the policy has no `owner` (who answers for it?)",
    ),
    "an action whose words nobody has written": (
        ("facts.yaml", "done_say: refund-done ", "done_say: refund-over "),
        "action `refund`: no policy has the say block `refund-over`",
    ),
    "an approval by nobody": (
        ("returns.md", '    | "approve" | "manager" |', '    | "approve" | null      |'),
        "wants an approval, and nothing says whose",
    ),
    "a case that expects nothing": (
        ("cases/returns.yaml", "expect: {asks: faulty}", "expect: {}"),
        "`expect` says nothing",
    ),
    "a case that is a word": (
        ("cases/returns.yaml", "- says: It asks about", "- nonsense\n- says: It asks about"),
        "a case is `says`, `facts` and `expect`",
    ),
    "a key that is a list": (
        ("parameters.yaml", "refund_within:\n", "[a, b]: 1\nrefund_within:\n"),
        "a key must be a plain word",
    ),
    "YAML that nests without end": (
        ("parameters.yaml", "refund_within:\n", f"deep: {'[' * 200}{']' * 200}\nrefund_within:\n"),
        "nested too deeply",
    ),
    "YAML that grows without end": (
        (
            "parameters.yaml",
            "refund_within:\n",
            "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
            + "refund_within:\n",
        ),
        "its aliases (& and *) make it grow without end",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_mistake_is_told(name: str) -> None:
    (file, old, new), message = MISTAKES[name]
    found = [str(finding) for finding in engine.check(changed(file, old, new), TODAY)]
    assert any(message in text for text in found), found


FILES: dict[str, tuple[dict[str, str | None], str]] = {
    "no vocabulary": ({"facts.yaml": None}, "facts.yaml:1: error: this file is missing"),
    "a translation without its original": (
        {"other.da.md": "---\ntitle: A\nvalid_from: 2026-01-01\n---\n"},
        "there is no other.md that this could translate",
    ),
    "cases for no policy": (
        {"cases/nothing.yaml": "- says: A\n  expect: {gap: yes}\n"},
        "there is no policy `nothing`",
    ),
    "cases that are no list": ({"cases/returns.yaml": "says: no"}, "cases are a list: each begins with `- says: …`"),
    "facts that are a list": (
        {"facts.yaml": "- a\n- b\n"},
        "facts.yaml:1: error: here `name: value` pairs are expected",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_as_it_should_be_is_told(name: str) -> None:
    edits, message = FILES[name]
    files = {file: text for file, text in {**example_files(), **edits}.items() if text is not None}
    found = [str(finding) for finding in engine.check(files, TODAY)]
    assert any(message in text for text in found), found


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ('substring("abc", 0)', "the first character is number 1"),
        ("round(1, 99)", "round() keeps at most 20 digits"),
        ("for i in 3..1 return i", "3..1 runs backwards: say `reverse`"),
        ("{a: 1, a: 2}", "a record names a field twice"),
        ('time("noon")', 'should be a time like 17:30:00, not "noon"'),
        ('date and time("x", "y")', "is made of a date and a time"),
        ('"a" in (> 1, 2)', '"a" cannot be tested in this way'),
        ("(" * 60 + "1" + ")" * 60, "nested deeper than 40 levels"),
    ],
)
def test_an_expression_that_cannot_be_computed_says_why(expression: str, message: str) -> None:
    with pytest.raises(engine.ExpressionError) as caught:
        compile_expression(parse_expression(expression), Scope())({})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ([1], 'facts are `name: value` pairs, like {"opened": true}'),
        ({"category": 3}, "fact `category` should be one of its choices in words, not 3"),
        ({"price": {"amount": "1"}}, 'should be {"amount": 49900, "currency": "DKK"}, in the smallest unit'),
        ({"do": "refund"}, 'fact `do` should be a list, not "refund"'),
    ],
)
def test_facts_of_a_wrong_shape_are_told(facts: Any, message: str) -> None:
    with pytest.raises(engine.FactError) as caught:
        engine.facts_from_json(engine.parse_book(example_files()), facts)
    assert message in str(caught.value)


def test_working_hours_that_cannot_be_are_told() -> None:
    hours = engine.hours.WorkingHours(((),) * 7, "UTC")
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match="`monday` is no day; days are mon, tue"):
        engine.hours.read_week({"monday": ["09:00-12:00"]})
    with pytest.raises(ValueError, match="working minutes are counted forward"):
        engine.hours.add_working_minutes(noon, -1, hours)
    with pytest.raises(engine.NotFound, match="leave no such moment within ten years"):
        engine.hours.add_working_minutes(noon, 1, hours)
    with pytest.raises(engine.NotFound, match="leave no such day within ten years"):
        engine.hours.next_working_day(noon.date(), hours)
    with pytest.raises(ValueError, match="2026-11-21 12:00:00 has no time zone"):
        engine.hours.add_working_minutes(noon.replace(tzinfo=None), 1, hours)


def found_in(
    facts: str, outputs: str, rows: str, parameters: str = "", more: dict[str, str] | None = None
) -> list[str]:
    files = {**small_files(facts, outputs, rows, parameters), **(more or {})}
    return [str(finding) for finding in engine.check(files, TODAY)]


OUTCOME = "outcome: {type: choice, values: [allow, refuse]}"
OPEN = "open: {type: yes/no}"
ANY = table("U | open | => | outcome", "1 | - | | allow")


def test_a_parameter_before_its_first_day_says_what_to_do() -> None:
    rows = table("U | days | => | outcome", "1 | <= limit | | allow", "2 | > limit | | refuse")
    limit = "limit: {type: days, values: [{from: 2026-06-01, value: 3}]}\n"
    found = found_in("days: {type: days}", OUTCOME, rows, limit)
    assert any(
        "parameter `limit` has no value on 2026-01-01; its first is from 2026-06-01. Leave out `from:`" in text
        for text in found
    ), found


def test_a_choice_that_is_a_parameter_too_must_be_quoted() -> None:
    rows = table("U | kind | => | outcome", "1 | limit | | allow", "2 | not(limit) | | refuse")
    found = found_in(
        "kind: {type: choice, values: [limit, other]}", OUTCOME, rows, "limit: {type: text, values: [{value: other}]}\n"
    )
    assert any('`limit` is a choice and a parameter: write "limit" for the choice' in text for text in found), found


def test_authority_for_a_role_that_the_company_does_not_have() -> None:
    outputs = f"{OUTCOME}, authority: {{type: choice, values: [boss]}}"
    found = found_in(OPEN, outputs, table("U | open | => | outcome | authority", "1 | - | | allow | boss"))
    assert any("`authority` names the role `boss`, which book.yaml does not have" in text for text in found), found


def test_rules_by_value_without_one_for_everybody() -> None:
    bought = "bought: {type: number, whole: yes, range: [0, 9], source: person.purchases_last_year}"
    rows = table("U | bought | => | outcome", "1 | <= 3 | | allow", "2 | > 3 | | allow")
    found = found_in(bought, OUTCOME, rows)
    assert any(
        "decides by `bought` where bought from 0 to 3, and no rule is for everybody" in text for text in found
    ), found


def test_a_floor_that_demands_what_the_table_never_gives() -> None:
    front = "---\nlaw: l\ntitle: L\nsource: S\nsource_date: 2020-01-01\nlooked_up_on: 2026-01-01\nfloor_for: p\n---\n"
    law = front + table("U | open | => | back", "1 | - | | 100")
    found = found_in(OPEN, f"{OUTCOME}, back: {{type: percent}}", ANY, more={"law/l.md": law})
    assert any("the floor demands `back`, which `p/outcome` never gives" in text for text in found), found


def test_a_floor_that_takes_too_long_is_said_to_be_unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    front = "---\nlaw: l\ntitle: L\nsource: S\nsource_date: 2020-01-01\nlooked_up_on: 2026-01-01\nfloor_for: p\n---\n"
    monkeypatch.setattr(floors, "STEPS", 0)
    found = found_in(OPEN, OUTCOME, ANY, more={"law/l.md": front + ANY})
    assert any(
        "`p/outcome`: not proved within the budget to keep S (2020-01-01) (split the table)" in text for text in found
    ), found


def test_a_kind_of_access_that_nobody_knows() -> None:
    assert any(
        "`nobody` is no kind of access" in str(finding)
        for finding in engine.check(
            changed("book.yaml", "name: Nordlys Beds", "name: Nordlys Beds\naccess: nobody"), TODAY
        )
    )


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("duration", "two days", 'should be a duration like P2D or PT4H30M, not "two days"'),
        ("text", 5, "should be text, not 5"),
        ("record", [1], "should be a record with named fields, not [1]"),
        (
            "datetime",
            "2026-12-24T10:00:00",
            'should be a moment with its zone like 2026-12-24T10:00:00Z, not "2026-12-24T10:00:00"',
        ),
    ],
)
def test_a_value_of_the_wrong_kind_says_what_is_wanted(kind: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match="should be") as caught:
        coerce(kind, value)
    assert str(caught.value) == message
