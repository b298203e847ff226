"""Every word a page may need is there: for each kind of event, in both languages."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import goodword
from goodword.web.shown.story import known_kinds

HOUSE = Path(goodword.__path__[0])
ROOMS = {"conversation", "message", "matter", "fact", "identity", "decision", "approval", "action", "promise"}
CATALOGUE = HOUSE / "locale" / "da" / "LC_MESSAGES" / "django.po"


def recorded_kinds() -> set[str]:
    found: set[str] = set()
    for path in HOUSE.rglob("*.py"):
        found |= set(re.findall(r"""record\(\s*["']([a-z_]+\.[a-z_]+)["']""", path.read_text(encoding="utf-8")))
    return {kind for kind in found if kind.partition(".")[0] in ROOMS}


def test_the_story_has_words_for_every_kind_the_house_records() -> None:
    assert recorded_kinds() - known_kinds() == set()


def test_nothing_on_the_staff_pages_waits_for_its_danish() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    assert not re.search(r'^msgstr(\[\d\])? ""\n(?!")', text[text.index("#: ") :], re.MULTILINE)
    assert "#, fuzzy" not in text


@pytest.mark.parametrize(("language", "words"), [("en", "The customer wrote."), ("da", "Kunden skrev.")])
def test_the_compiled_catalogue_is_the_written_one(language: str, words: str) -> None:
    with translation.override(language):
        assert translation.gettext("The customer wrote.") == words
