"""Each language can say every sentence of the engine, with the same values in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from goodword import engine
from goodword.engine import languages as spoken
from goodword.engine.languages import languages, phrases
from goodword.engine.languages.shape import Phrases
from goodword.engine.words import format_date, format_money, join
from tests.engine.example import example_book

FIELD = re.compile(r"\{\w+\}")
# A number or a date has no vowel that is known beforehand, so nothing may be hung on a field.
ENDING = re.compile(r"\}['’]?\w")


def sentences(language: str) -> Iterator[tuple[str, str]]:
    """Every sentence of a language by its name."""
    words: Phrases = phrases(language)
    for field in fields(words):
        value = getattr(words, field.name)
        if isinstance(value, Mapping):
            yield from ((f"{field.name}.{key}", text) for key, text in value.items())
        elif field.name != "language":
            yield field.name, value


def test_every_file_beside_the_shape_is_a_language() -> None:
    files = {path.stem for path in Path(spoken.__path__[0]).glob("*.py")} - {"__init__", "shape"}
    assert files == set(languages())


@pytest.mark.parametrize("language", languages())
def test_a_language_says_what_english_says(language: str) -> None:
    english, own = dict(sentences("en")), dict(sentences(language))

    assert phrases(language).language == language
    assert list(own) == list(english)
    assert {name for name in own if set(FIELD.findall(own[name])) != set(FIELD.findall(english[name]))} == set()
    assert [name for name, text in own.items() if not text.strip()] == []


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_a_language_is_not_english(language: str) -> None:
    bare = {"agent", "agent_because", "condition", "limited", "named"}
    english = dict(sentences("en"))
    assert [name for name, text in sentences(language) if name not in bare and text == english[name]] == []


@pytest.mark.parametrize("language", languages())
def test_no_ending_hangs_on_a_number_or_a_date(language: str) -> None:
    assert [text for _, text in sentences(language) if ENDING.search(text)] == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Fault: up to 30 the answer would have been “Ja”; here it is 34."),
        ("da", "Fault: til og med 30 ville svaret have været “Ja”; her er det 34."),
        ("id", "Fault: sampai dengan 30, jawabannya akan menjadi “Ja”; di sini nilainya 34."),
        ("ms", "Fault: sehingga 30, jawapannya akan menjadi “Ja”; di sini nilainya 34."),
        ("tr", "Fault: 30 sınırı aşılmasaydı yanıt “Ja” olurdu; burada değer 34."),
    ],
)
def test_the_nearest_boundary_is_a_sentence(language: str, told: str) -> None:
    boundary = engine.Boundary("fault", 34, 30, "at_most", "allow", "days", {"en": "Fault"}, {"en": "Ja"})
    assert boundary.sentence(language) == told


@pytest.mark.parametrize(
    ("language", "day", "amount", "listed"),
    [
        ("en", "24 December 2026", "DKK\xa018,499.00", "a, b, or c"),
        ("id", "24 Desember 2026", "DKK\xa018.499,00", "a, b, atau c"),
        ("ms", "24 Disember 2026", "DKK\xa018,499.00", "a, b, atau c"),
        ("tr", "24 Aralık 2026", "18.499,00\xa0DKK", "a, b veya c"),
    ],
)
def test_dates_money_and_lists_have_the_languages_own_form(language: str, day: str, amount: str, listed: str) -> None:
    assert format_date(date(2026, 12, 24), language) == day
    assert format_money(engine.Money(1849900, "DKK"), language) == amount
    assert join(["a", "b", "c"], language, "or") == listed


@pytest.mark.parametrize(
    ("language", "cents", "currency", "written"),
    [
        ("tr", 123450, "TRY", "1.234,50\xa0TL"),
        ("tr", -123450, "TRY", "-1.234,50\xa0TL"),
        ("id", 123450000, "IDR", "Rp\xa01.234.500"),
        ("id", 123450050, "IDR", "Rp\xa01.234.500,50"),
        ("ms", 123450, "MYR", "RM\xa01,234.50"),
        ("da", 123450, "DKK", "1.234,50\xa0kr."),
        ("en", 123450, "DKK", "DKK\xa01,234.50"),
        ("en", 1234, "JPY", "¥1,234"),
        ("tr", 1234, "JPY", "1.234\xa0¥"),
    ],
)
def test_money_is_written_as_its_own_country_writes_it(language: str, cents: int, currency: str, written: str) -> None:
    assert format_money(engine.Money(cents, currency), language) == written


def test_a_language_without_sentences_is_explained_in_english() -> None:
    assert phrases("is") is phrases("en")
    assert engine.explain(
        engine.decide(example_book(), "returns", {"category": "hygiene"}, date(2026, 12, 15)), example_book(), "is"
    ).summary.startswith("To be able to answer")
