"""No reader of Danish meets an English sentence on the public pages."""

import gettext
import re
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import goodword.portal

CATALOG = Path(goodword.portal.__path__[0]) / "locale/da/LC_MESSAGES/django.po"


def test_every_string_of_the_public_pages_has_its_danish() -> None:
    with CATALOG.open("rb") as file:
        missing = [message.id for message in read_po(file) if message.id and (not message.string or message.fuzzy)]
    assert missing == []


def test_the_compiled_catalogue_says_what_the_written_one_says() -> None:
    with CATALOG.open("rb") as written, CATALOG.with_suffix(".mo").open("rb") as compiled:
        said = {message.id: message.string for message in read_po(written) if message.id}
        compiled_said = {message.id: message.string for message in read_mo(compiled) if message.id}
    assert compiled_said == said


def test_the_pages_hold_no_string_that_the_catalogue_lacks() -> None:
    with CATALOG.with_suffix(".mo").open("rb") as file:
        known = set(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]  # the only list there is
    pages = (CATALOG.parents[3] / "templates/portal").glob("*.html")
    assert [text for page in pages for text in translated_in(page) if text not in known] == []


def translated_in(page: Path) -> list[str]:
    return re.findall(r"""\{% translate ["'](.+?)["'] (?:as \w+ )?%\}""", page.read_text(encoding="utf-8"))
