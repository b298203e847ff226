"""The handbook: what stands in it for whom, on a page and on paper."""

import json
import re
import shutil
import subprocess
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import cli, engine
from goodword.engine.checks.prose import DESK_WORDS
from goodword.engine.render import Handbook, handbook, handbook_html, handbook_pdf, single_policy
from goodword.engine.render.typst_text import literal, plain
from goodword.engine.render.wording import WORDING
from tests.engine.example import example_book

DAY = date(2026, 12, 1)
STARTER = Path(__file__).parents[3] / "goodword" / "packs" / "shop"


@pytest.fixture(scope="module")
def book() -> engine.Book:
    """The starter book, read once."""
    return engine.read_book(STARTER)


def published(book: engine.Book) -> list[engine.Policy]:
    """The policies that are in force, drafts left out."""
    return [policy for policy in book.policies.values() if policy.status == "published"]


class Page(HTMLParser):
    """The ids, links and loaded addresses of a page, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if tag == "a" else []
        self.loads += [value or "" for name, value in attrs if name == "src" or (tag == "link" and name == "href")]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_language_has_all_the_handbooks_words() -> None:
    assert set(WORDING) == {"en", "da", "id", "ms", "tr"}
    names = [name for name in WORDING["en"].__slots__ if name != "desk"]
    fields = {name: set(re.findall(r"{\w+}", getattr(WORDING["en"], name))) for name in names}
    for language, words in WORDING.items():
        assert set(words.desk) == set(DESK_WORDS) - {"refund_amount"}, language  # that one is a fact
        assert {name: set(re.findall(r"{\w+}", getattr(words, name))) for name in fields} == fields, language
        assert all(getattr(words, name).strip() for name in fields)


def test_the_staff_handbook_holds_every_clause_and_every_rule_once(book: engine.Book) -> None:
    printed = handbook(book, "en", DAY, "staff")
    parts = [part for chapter in printed.chapters for part in chapter.parts]
    clauses = [clause for policy in published(book) for clause in policy.clauses.values()]
    assert sorted(part.anchor for part in parts) == sorted(clause.anchor for clause in clauses)
    rows = [row for policy in published(book) for table in policy.decisions.values() for row in table.rows]
    assert sum(len(part.rules) for part in parts) == len(rows)
    says = sum(len(policy.text("en").says) for policy in published(book))
    assert sum(len(part.says) for part in parts) == says


def test_the_public_handbook_holds_nothing_for_staff(book: engine.Book) -> None:
    printed = handbook(book, "da", DAY)
    public = {
        clause.anchor
        for policy in published(book)
        for clause in policy.clauses.values()
        if policy.audience == clause.audience == "public"
    }
    parts = [part for chapter in printed.chapters for part in chapter.parts]
    assert {part.anchor for part in parts} == public
    assert (printed.figures, printed.law) == ([], [])
    assert [part for part in parts if part.rules or part.says or part.staff_only] == []


def test_clauses_are_numbered_by_chapter_and_level(book: engine.Book) -> None:
    printed = handbook(book, "en", DAY, "staff")
    assert [chapter.number for chapter in printed.chapters] == [str(n) for n in range(1, len(printed.chapters) + 1)]
    for chapter in printed.chapters:
        first = [part.number for part in chapter.parts if part.level == 1]
        assert first == [f"{chapter.number}.{place}" for place in range(1, len(first) + 1)]


def test_rules_read_as_words_and_name_what_they_are_exceptions_to(book: engine.Book) -> None:
    (returns,) = single_policy(book, "returns", "en", DAY, "staff").chapters
    hygiene = next(part for part in returns.parts if part.anchor == "returns#hygiene")
    first = hygiene.rules[0]
    assert ("Kind of goods", "Hygiene goods") in first.when
    assert ("Seal broken", "yes") in first.when
    assert ("Outcome", "No, but") in first.then
    assert first.exception_to == ["“When the days have run out”"]
    ordinary = next(part for part in returns.parts if part.anchor == "returns#ordinary")
    assert ("Days since delivery", "at most 30") in ordinary.rules[0].when


def test_numbers_are_those_of_the_day(book: engine.Book) -> None:
    then, now = (
        single_policy(book, "returns", "en", day).chapters[0].intro for day in (date(2025, 1, 1), date(2026, 1, 1))
    )
    assert ("14 days" in then, "30 days" in then) == (True, False)
    assert ("14 days" in now, "30 days" in now) == (False, True)


@pytest.mark.parametrize("audience", ["public", "staff"])
def test_the_page_stands_alone_and_every_link_in_it_leads_somewhere(book: engine.Book, audience: str) -> None:
    page = Page(handbook_html(handbook(book, "en", DAY, audience)))  # type: ignore[arg-type]
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert len(inner) > 40
    assert inner - set(page.ids) == set()
    assert len(page.ids) == len(set(page.ids))
    assert page.loads == []
    assert "script" not in page.tags


def test_markup_in_a_book_is_shown_and_never_obeyed() -> None:
    book = example_book()
    title = '<script>alert(1)</script> #read("/etc/passwd") $x$ ] } `z`'
    settings = f"tagline: {{en: {json.dumps(title)}}}\n" + book.files["book.yaml"]
    printed = handbook(engine.parse_book({**book.files, "book.yaml": settings}), "en", DAY, "staff")
    page = Page(handbook_html(printed))
    assert "script" not in page.tags
    assert title in page.words
    assert title.split()[0] in paper_words(printed)


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=60))
def test_any_text_passes_through_typst_unchanged(text: str) -> None:
    source = f"#metadata({literal(text)})<it>\n{plain(text)}"
    found = json.loads(typst.query(source.encode(), "<it>", field="value"))
    assert found == [text]


def paper_words(printed: Handbook) -> str:
    """The words on the paper, as pdftotext reads them; lines and hyphens at their ends joined."""
    if not shutil.which("pdftotext"):
        pytest.skip("Debian's poppler-utils (pdftotext) is not installed")
    done = subprocess.run(["pdftotext", "-", "-"], input=handbook_pdf(printed), capture_output=True, check=True)
    return re.sub(r"\s+", " ", re.sub(r"[‐-]\n", "", done.stdout.decode()))


@pytest.mark.parametrize("language", ["en", "da"])
def test_paper_holds_every_heading_and_the_version_on_each_page(book: engine.Book, language: str) -> None:
    printed = handbook(book, language, DAY, "staff")
    words = paper_words(printed)
    for chapter in printed.chapters:
        assert f"{chapter.number} {chapter.title}"[:40] in words
        assert [part.heading for part in chapter.parts if f"{part.number} {part.heading}"[:30] not in words] == []
    assert words.count(printed.stamp) > 20


def test_a_language_the_book_has_not_is_told(book: engine.Book) -> None:
    with pytest.raises(engine.NotFound, match="the book is not written in `sv`; it has en, da"):
        handbook(book, "sv", DAY)


def test_neither_a_draft_nor_a_staff_policy_is_printed_for_the_public(book: engine.Book) -> None:
    with pytest.raises(engine.NotFound, match="`phone` is a draft; publish it first"):
        single_policy(book, "phone", "en", DAY)
    page = book.files["abuse.md"].replace("audience: public", "audience: staff", 1)
    with pytest.raises(engine.NotFound, match="`abuse` is for staff; print it --for staff"):
        single_policy(engine.parse_book({**book.files, "abuse.md": page}), "abuse", "en", DAY)


def test_render_writes_files_and_names_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = example_book()
    for name, text in book.files.items():
        (tmp_path / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "book" / name).write_text(text, encoding="utf-8")
    asked = ["render", str(tmp_path / "book"), str(tmp_path / "out"), "--on", "2026-12-01"]
    assert cli.main([*asked, "--to", "html", "--json"]) == 0
    names = [Path(path).name for path in json.loads(capsys.readouterr().out)["files"]]
    assert names == [f"handbook.{language}.html" for language in book.languages]
    assert cli.main([*asked, "--to", "pdf", "--policy", "returns", "--language", "en"]) == 0
    assert (tmp_path / "out" / "returns.en.pdf").read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted([*names, "returns.en.pdf"])


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert cli.main(["render", str(STARTER), str(tmp_path / "taken"), "--to", "text", "--language", "en"]) == 1
    assert "name a folder you may write to" in capsys.readouterr().err
