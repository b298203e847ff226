"""No reader of a translated language meets an English sentence on the public pages."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import goodword.portal
from tests.test_starter_book import ONLY_INDONESIAN, ONLY_MALAY

ROOM = Path(goodword.portal.__path__[0])
ORIGINAL = "da"  # the catalogue the others are measured by
LANGUAGES = ("da", "id", "ms", "tr")
HOLES = re.compile(r"%\(\w+\)s|</?\w+>")
each_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(language: str) -> Path:
    return ROOM / "locale" / language / "LC_MESSAGES" / "django.po"


def said_in(language: str) -> dict[str, str]:
    with catalogue(language).open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id and not each.fuzzy}


@each_language
def test_every_string_of_the_public_pages_is_said_in_every_language(language: str) -> None:
    said = said_in(language)
    assert [text for text in said_in(ORIGINAL) if not said.get(text)] == []


@each_language
def test_what_is_filled_in_or_set_off_stays_in_the_translation(language: str) -> None:
    lost = [
        text for text, own in said_in(language).items() if sorted(HOLES.findall(text)) != sorted(HOLES.findall(own))
    ]
    assert lost == []


@each_language
def test_the_compiled_catalogue_says_what_the_written_one_says(language: str) -> None:
    with catalogue(language).with_suffix(".mo").open("rb") as compiled:
        assert {each.id: each.string for each in read_mo(compiled) if each.id} == said_in(language)


@each_language
def test_the_pages_hold_no_string_that_the_catalogue_lacks(language: str) -> None:
    with catalogue(language).with_suffix(".mo").open("rb") as file:
        known = set(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]  # the only list there is
    pages = (ROOM / "templates").rglob("*.html")
    assert [text for page in pages for text in translated_in(page) if text not in known] == []


def translated_in(page: Path) -> list[str]:
    return re.findall(r"""\{% translate ["'](.+?)["'] (?:as \w+ )?%\}""", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("language", "foreign"), [("id", ONLY_MALAY), ("ms", ONLY_INDONESIAN)])
def test_indonesian_and_malay_are_kept_apart(language: str, foreign: str) -> None:
    strangers = re.compile(rf"\b(?:{'|'.join(foreign.split())})\b", re.IGNORECASE)
    assert [text for text in said_in(language).values() if strangers.search(text)] == []
