"""Floors: the law beats the book, in the proof and in a decision."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given

from goodword import engine
from goodword.engine.book import read_files
from goodword.engine.checks.floors import check_floors
from goodword.engine.findings import Finding, Notes
from tests.engine.example import small_files, table
from tests.engine.random_tables import DOMAINS, LIMIT, OUTPUTS, RandomTable, tables
from tests.engine.test_tables_against_a_plain_reader import SLOW

PACKS = Path(engine.__file__).parents[1] / "packs"
SHOP = read_files(PACKS / "shop")
APART = {"README.md", "id-electronic-trade.md", "my-rejected-goods.md"}  # tried with books of their own below
PAGES = sorted(page.name for page in (PACKS / "law").glob("*.md") if page.name not in APART)
DAY = date(2026, 11, 23)
FRONT = (
    "---\nlaw: two\ntitle: Two\nsource: Act 1, Article 2\nsource_date: 2020-01-01\n"
    "looked_up_on: 2026-01-01\nfloor_for: p\n{more}---\n"
)


def page(rows: str, more: str = "") -> str:
    return FRONT.format(more=more) + rows


def floor_findings(files: dict[str, str]) -> list[Finding]:
    return [finding for finding in engine.check(files, DAY) if finding.code == "floor"]


def with_window(files: dict[str, str], days: int) -> dict[str, str]:
    text = files["parameters.yaml"].replace("{from: 2025-06-01, value: 30,", f"{{from: 2025-06-01, value: {days},")
    return {**files, "parameters.yaml": text}


def test_a_window_of_seven_days_names_the_directive() -> None:
    found = floor_findings(with_window(SHOP, 7))
    assert found
    assert {finding.level for finding in found} == {"error"}
    assert found[0].file == "returns.md"
    assert "Directive 2011/83/EU on consumer rights, Articles 9" in found[0].message
    assert "days_since_delivery from 8 to 14" in found[0].message
    assert "`return_window`" in found[0].hint


def test_a_window_of_fourteen_days_is_enough() -> None:
    assert floor_findings(with_window(SHOP, 14)) == []


@pytest.mark.parametrize("name", PAGES)
def test_each_page_we_ship_fits_the_starter_book_and_catches_a_worse_one(name: str) -> None:
    files = {**SHOP, f"law/{name}": (PACKS / "law" / name).read_text(encoding="utf-8")}
    files["facts.yaml"] = files["facts.yaml"].replace(
        "      DK: {en: Denmark,",
        "      TR: {en: Turkey, da: Tyrkiet, id: Turki, ms: Turki, tr: Türkiye}\n      DK: {en: Denmark,",
    )
    assert floor_findings(files) == []
    worse = with_window(files, 7)
    worse["parameters.yaml"] = worse["parameters.yaml"].replace("- {value: 3, source", "- {value: 1, source", 1)
    book = engine.parse_book(worse)
    law = f"law/{name}"
    assert any(law in finding.message for finding in floor_findings(worse)), [f.message for f in floor_findings(worse)]
    assert "not legal advice" in files[law]
    assert all(floor.source and floor.source_date for floor in book.floors)


SHOP_FACTS = (
    "order_country: {type: choice, values: [ID, MY, DK], source: order.country}, faulty: {type: yes/no}, "
    "bought_through: {type: choice, values: [web, shop]}, wish: {type: choice, values: [money-back, repair]}, "
    "rejected_rightly: {type: yes/no}, days_since_delivery: {type: days, range: [0, 999]}"
)
SHOP_OUTPUTS = f"{OUTPUTS}, refund_percent: {{type: percent}}"


def beside(name: str, rows: str) -> list[Finding]:
    """What a page we ship says of a shop's returns."""
    law = (PACKS / "law" / name).read_text(encoding="utf-8")
    assert "not legal advice" in law
    files = small_files(SHOP_FACTS, SHOP_OUTPUTS, rows)
    returns = {"returns.md": files.pop("p.md"), f"law/{name}": law}
    assert len(engine.parse_book({**files, **returns}).floors) == 1
    return floor_findings({**files, **returns})


def test_in_indonesia_a_fault_is_helped_for_two_working_days() -> None:
    heading = "U | faulty | days_since_delivery | => | outcome"
    rest = ("3 | yes | > {n} | | refuse", "4 | no | - | | refuse")
    for days, short in ((1, True), (2, False), (7, False)):
        rows = [f"1 | yes | <= {days} | | allow", *(row.format(n=days) for row in rest)]
        found = beside("id-electronic-trade.md", table(heading, *rows))
        assert bool(found) == short
    (found_one,) = beside("id-electronic-trade.md", table(heading, "1 | - | - | | refuse"))
    assert 'order_country is "ID", bought_through is "web"' in found_one.message.replace("faulty is yes, ", "")
    assert "Government Regulation No. 80 of 2019" in found_one.message


def test_in_malaysia_a_credit_note_is_not_enough_for_rejected_goods() -> None:
    heading = "U | wish | => | outcome | refund_percent"
    enough = table(heading, "1 | money-back | | allow | 100", "2 | repair | | refuse | 0")
    assert beside("my-rejected-goods.md", enough) == []
    credit = table(heading, "1 | money-back | | allow | 0", "2 | repair | | allow | 0")
    (finding,) = beside("my-rejected-goods.md", credit)
    assert "refund_percent 0" in finding.message
    assert "demands at least refund_percent 100" in finding.message


ROWS = ("1 | <= 10 | | allow", "2 | > 10 | | refuse")
DAYS = (
    "days: {type: days, range: [0, 99]}, online: {type: yes/no}, "
    "place: {type: choice, values: [DK, TR], source: order.country}"
)
LAW = table("U | days | online | => | outcome", "1 | <= 14 | yes | | allow")


def small(law: str, rows: tuple[str, ...] = ROWS) -> dict[str, str]:
    return {**small_files(DAYS, OUTPUTS, table("U | days | => | outcome", *rows)), "law/two.md": law}


def test_a_decision_below_the_law_is_lifted_to_it() -> None:
    book = engine.parse_book(small(page(LAW)))
    lifted = engine.decide(book, "p", {"days": 12, "online": True}, DAY)
    assert lifted.outcome == "allow"
    assert [ref.id for ref in lifted.fired] == ["two#c:1"]
    assert [ref.id for ref in lifted.overridden] == ["p#c:2"]
    assert lifted.facts == {"days": 12, "online": True}
    assert engine.explain(lifted, book, "en", to="agent").reasons
    assert engine.decide(book, "p", lifted.facts, DAY) == lifted
    assert engine.decide(book, "p", {"days": 12, "online": False}, DAY).outcome == "refuse"


def test_where_a_floor_may_hold_it_asks_before_it_refuses() -> None:
    book = engine.parse_book(small(page(LAW)))
    asked = engine.decide(book, "p", {"days": 12}, DAY)
    assert (asked.status, asked.question) == ("ask", "online")
    assert engine.decide(book, "p", {"days": 15}, DAY).outcome == "refuse"
    assert engine.decide(book, "p", {"days": 3}, DAY).outcome == "allow"


def test_a_floor_holds_in_its_countries_and_from_its_day_on() -> None:
    book = engine.parse_book(small(page(LAW, "countries: [TR, XX]\nin_force_from: 2026-06-01\n")))
    known = {"days": 12, "online": True, "place": "TR"}
    assert engine.decide(book, "p", known, DAY).outcome == "allow"
    assert engine.decide(book, "p", known, date(2026, 5, 31)).outcome == "refuse"
    assert engine.decide(book, "p", {**known, "place": "DK"}, DAY).outcome == "refuse"
    found = floor_findings(small(page(LAW, "countries: [TR]\nin_force_from: 2026-06-01\n")))
    assert len(found) == 1
    assert 'place is "TR"' in found[0].message
    assert "(on 2026-06-01)" in found[0].message


def test_a_floor_of_another_country_says_nothing() -> None:
    assert engine.parse_book(small(page(LAW, "countries: [XX]\n"))).floors == []


def test_amounts_are_at_least_and_waits_at_most_what_the_law_says() -> None:
    outputs = f"{OUTPUTS}, back: {{type: percent}}, within: {{type: days}}"
    rows = table(
        "U | days | => | outcome | back | within", "1 | <= 10 | | allow | 90 | 20", "2 | > 10 | | allow | 100 | 10"
    )
    law = table("U | days | => | back | within", "1 | - | | 95 | 14")
    files = {**small_files(DAYS, outputs, rows), "law/two.md": page(law, "at_most: [within]\n")}
    assert [finding.message.split(":")[0] for finding in floor_findings(files)] != []
    decision = engine.decide(engine.parse_book(files), "p", {"days": 5}, DAY)
    assert (decision.outputs["back"], decision.outputs["within"]) == (95, 14)
    assert engine.decide(engine.parse_book(files), "p", {"days": 50}, DAY).outputs["back"] == 100


@pytest.mark.parametrize(
    ("law", "words"),
    [
        (page(LAW).replace("floor_for: p", "floor_for: q"), "names no policy of this book"),
        (page(LAW).replace("source: Act 1, Article 2\n", ""), "a floor needs its `source`"),
        (page(table("U | days | => | reply", "1 | - | | 1")), "unknown output `reply`"),
        (page(LAW, "colour: red\n"), "colour"),
        (page(table("U | days | => | outcome", "1 | - | | allow", keys="decides: money")), "decides no `money`"),
    ],
)
def test_what_is_wrong_with_a_floor_is_told(law: str, words: str) -> None:
    found = [str(finding) for finding in engine.check(small(law), DAY)]
    assert any(words in text and "law/two.md" in text for text in found), found


def test_facts_derived_from_one_another_are_not_taken_apart() -> None:
    facts = "days: {type: days, range: [0, 999]}, years: {type: number, whole: yes, from: floor(days / 365)}"
    rows = table("U | years | => | outcome", "1 | < 2 | | allow", "2 | >= 2 | | refuse")
    files = {
        **small_files(facts, OUTPUTS, rows),
        "law/two.md": page(table("U | days | => | outcome", "1 | < 730 | | allow")),
    }
    assert floor_findings(files) == []
    files["law/two.md"] = files["law/two.md"].replace("< 730", "<= 730")
    assert "days is 730" in floor_findings(files)[0].message


@SLOW
@given(tables(hits=("U", "A", "P")), tables(hits=("U",)))
def test_the_proof_finds_a_fall_below_the_law_exactly_where_there_is_one(own: RandomTable, law: RandomTable) -> None:
    book = own.book()
    text = law.book().files["p.md"].split("---\n", 2)[2]
    book = engine.parse_book({**book.files, "law/two.md": page(text)})
    notes = Notes()
    check_floors(book, {"p"}, notes)
    order = ["refuse", "approve", "allow"]
    names = list(dict.fromkeys([*own.columns, *law.columns]))
    below = False
    for values in product(*(DOMAINS[name] for name in names)):
        facts = dict(zip(names, values, strict=True))
        for limit in LIMIT.values():
            given = own.answer(facts, limit)
            if given in order:
                demanded = [order.index(row.outcome) for row in law.winners(facts, limit)]
                below = below or any(order.index(given) < least for least in demanded)
        if below:
            break
    assert bool(notes.errors) == below


def test_a_page_of_law_without_a_table_is_only_kept() -> None:
    book = engine.parse_book(small("Just words, æøå, no front matter."))
    assert book.floors == []
    assert book.files["law/two.md"].startswith("Just words")
