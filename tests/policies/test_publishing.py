"""Publishing: checked first, kept for ever, and in force at once."""

from datetime import date
from pathlib import Path

import pytest

from goodword import engine
from goodword.accounts.models import Agent
from goodword.journal.models import Event
from goodword.lib.errors import Invalid, NotFound, Refused
from goodword.policies.actions import export_folder, publish, publish_folder, report_problem
from goodword.policies.errors import BookInvalid
from goodword.policies.folder import read_folder
from goodword.policies.models import Publication
from goodword.policies.queries import (
    advise,
    book_by_hash,
    current_book,
    current_publication,
    history,
    open_problem,
    shelf,
    source_values,
    time_zone,
)
from tests.policies.small_book import DAY, small_book, write_book
from tests.world import SHOP

pytestmark = pytest.mark.django_db


@pytest.fixture
def mette() -> Agent:
    return Agent.objects.create_user("mette@nordhvile.example", name="Mette Krogh", role="manager")


def outcome_on_day(days: int) -> str | None:
    return advise("returns", {"days_since_delivery": days}, DAY).outcome


def test_a_published_book_is_in_force_at_once(mette: Agent) -> None:
    publication = publish(small_book(), by=mette, note="the first")
    assert (publication.published_by, publication.note) == (mette, "the first")
    assert outcome_on_day(30) == "allow"
    publish(small_book(window=14), by=mette)
    assert outcome_on_day(30) == "refuse"
    assert [each.note for each in history()] == ["", "the first"]


def test_publishing_says_so_in_the_journal(mette: Agent) -> None:
    publication = publish(small_book(), by=mette)
    event = Event.objects.get(kind="book.published")
    assert event.actor == mette.actor
    assert event.payload == {"publication": publication.pk, "hash": publication.hash}


def test_what_is_in_force_is_not_published_twice() -> None:
    first = publish(small_book(), by=None)
    assert publish(small_book(), by=None) == first
    assert Event.objects.filter(kind="book.published").count() == 1


def test_going_back_to_an_earlier_text_puts_it_in_force_again() -> None:
    first = publish(small_book(), by=None)
    publish(small_book(window=14), by=None)
    again = publish(small_book(), by=None)
    assert (again.hash, again.pk == first.pk) == (first.hash, False)
    assert outcome_on_day(30) == "allow"


def test_a_book_with_a_mistake_is_refused_with_file_and_line_and_changes_nothing() -> None:
    first = publish(small_book(), by=None)
    bad = small_book() | {"returns.md": small_book()["returns.md"].replace("<= return_window ", "<= return_windo  ")}
    with pytest.raises(BookInvalid) as refused:
        publish(bad, by=None)
    errors = [finding for finding in refused.value.findings if finding.level == "error"]
    line = bad["returns.md"].split("return_windo ")[0].count("\n") + 1
    assert (errors[0].file, errors[0].line) == ("returns.md", line)
    assert isinstance(refused.value, Invalid)
    assert current_publication() == first


def test_the_version_of_the_day_decides(mette: Agent) -> None:
    publish(small_book(window=14, valid_from="2026-01-01"), by=None)
    publish(small_book(window=30, valid_from="2026-12-01"), by=None)
    windows = {
        str(day): shelf().book_on("returns", day).parameter("return_window", day)
        for day in (date(2025, 1, 1), date(2026, 11, 30), date(2026, 12, 1))
    }
    assert windows == {"2025-01-01": 14, "2026-11-30": 14, "2026-12-01": 30}


def test_the_newest_text_of_the_same_version_decides() -> None:
    publish(small_book(window=14), by=None)
    publish(small_book(window=21), by=None)
    assert shelf().book_on("returns", DAY).parameter("return_window", DAY) == 21


def test_a_stored_hash_leads_back_to_the_book_that_decided() -> None:
    first = publish(small_book(window=14), by=None)
    publish(small_book(window=30), by=None)
    assert book_by_hash(first.hash).parameter("return_window", DAY) == 14
    with pytest.raises(NotFound):
        book_by_hash("f" * 64)


def test_a_desk_without_a_book_says_what_to_do() -> None:
    with pytest.raises(NotFound, match="goodword publish"):
        current_book()
    assert (time_zone(), source_values("line.category")) == ("UTC", [])


def test_advice_on_an_unknown_policy_or_in_two_currencies_is_refused_in_a_sentence() -> None:
    publish(small_book(), by=None)
    with pytest.raises(NotFound, match="No published book has a policy"):
        advise("nothing", {}, DAY)
    mixed = {"price": engine.Money(100, "EUR"), "refund": engine.Money(100, "DKK")}
    with pytest.raises(Invalid, match="nothing is converted"):
        advise("returns", mixed, DAY)


def test_an_unknown_fact_asks() -> None:
    publish(small_book(), by=None)
    decision = advise("returns", {}, DAY)
    assert (decision.status, decision.question) == ("ask", "days_since_delivery")


def test_a_folder_goes_in_and_out_byte_for_byte(tmp_path: Path) -> None:
    files = small_book() | {
        "README.txt": "Not for the engine, yet not lost.\r\nWith Windows' line ends.\r\n",
        "law/note.md": "A law without a table, æøå ☃ \u2028 and no line end",
        "law/deep/er.txt": "\ufeffwith a byte order mark\n\n\n",
        "empty.txt": "",
    }
    source = write_book(tmp_path / "in", files)
    publication = publish_folder(source)
    export_folder(publication, tmp_path / "out")
    assert bytes_of(tmp_path / "out") == bytes_of(source)
    assert publish_folder(tmp_path / "out") == publication


def test_the_starter_book_goes_in_and_out_byte_for_byte(tmp_path: Path) -> None:
    publication = Publication(files=read_folder(SHOP))
    export_folder(publication, tmp_path / "out")
    assert bytes_of(tmp_path / "out") == bytes_of(SHOP)


@pytest.mark.parametrize("window", [14, 45, 60, 90])
def test_the_return_window_of_the_starter_book_is_changed_by_changing_one_number(window: int) -> None:
    files = read_folder(SHOP)
    of_30 = "{from: 2025-06-01, value: 30"
    assert of_30 in files["parameters.yaml"]
    publish(files | {"parameters.yaml": files["parameters.yaml"].replace(of_30, f"{of_30[:-2]}{window}")}, by=None)
    assert current_book().parameter("return_window", DAY) == window


@pytest.mark.parametrize("window", [1, 7, 13])
def test_a_return_window_below_the_law_is_not_published(window: int) -> None:
    files = read_folder(SHOP)
    of_30 = "{from: 2025-06-01, value: 30"
    with pytest.raises(BookInvalid) as refused:
        publish(files | {"parameters.yaml": files["parameters.yaml"].replace(of_30, f"{of_30[:-2]}{window}")}, by=None)
    assert any("Directive 2011/83/EU" in finding.message for finding in refused.value.findings)


def test_nothing_is_exported_over_what_is_there(tmp_path: Path) -> None:
    publication = publish(small_book(), by=None)
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(Refused, match="not an empty folder"):
        export_folder(publication, tmp_path)


@pytest.mark.parametrize("name", ["../evil.md", "/etc/passwd", "a/../../b.md", "", "a\\b.md", ".hidden", "a//b.md"])
def test_a_file_name_that_leaves_the_folder_is_refused(name: str) -> None:
    with pytest.raises(BookInvalid) as refused:
        publish(small_book() | {name: "x"}, by=None)
    assert refused.value.findings[0].code == "file-name"


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    folder = write_book(tmp_path, small_book())
    (folder / "law").mkdir()
    (folder / "law" / "scan.md").write_bytes(b"line one\nline \xff two")
    with pytest.raises(BookInvalid) as refused:
        publish_folder(folder)
    assert str(refused.value.findings[0]).startswith("law/scan.md:2: error: this is not UTF-8 text")


def test_a_problem_is_kept_until_the_folder_is_mended(tmp_path: Path) -> None:
    folder = write_book(tmp_path, small_book())
    with pytest.raises(BookInvalid) as refused:
        publish(small_book() | {"facts.yaml": "facts: ["}, by=None)
    problem = report_problem(refused.value.findings)
    assert report_problem(refused.value.findings) == problem
    assert open_problem() == problem
    assert "facts.yaml" in {finding["file"] for finding in problem.findings}
    publish_folder(folder)
    assert open_problem() is None
    assert list(Event.objects.filter(about="book").order_by("id").values_list("kind", flat=True)) == [
        "book.problem",
        "book.published",
        "book.mended",
    ]


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
