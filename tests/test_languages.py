"""Nothing is left unsaid: every text of code and pages has its words in each language the house speaks."""

import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import override
from django.utils.translation import trans_real as in_force

import goodword
from tests.test_starter_book import BOOK, ONLY_INDONESIAN, ONLY_MALAY
from tests.translated import Text, texts_in

HOUSE = Path(goodword.__path__[0])
ALLAUTH = Path(allauth.__path__[0])
# What of allauth our doors open: no sign-up, no telephone, no security key, no code by mail, and no admin pages.
SERVED = [
    ALLAUTH / part for part in ("account", "mfa", "core", "templates/account", "templates/mfa", "templates/allauth")
]
NOT_SERVED = (
    r"webauthn|/migrations/|/tests/|signup(?!_closed)|phone|login_code|login_by_code|passkey"
    r"|/admin\.py|/apps\.py|/models\.py|/management/"
)
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w[^>]*>")
# Turkish endings follow the sound of a word, and what is filled in is not known yet. Links are marks, not words.
ENDING = re.compile(r"%\((?!link|end_link)\w+\)[sd]['’]?[a-zçğıöşü]")
# Words that two languages share.
SAME = {
    "da": {
        "Mail",
        "Mails",
        "Version",
        "Version <code>%(hash)s</code>",
        "Situation",
        "Send",
        "Mine",
        "Invitation",
        "Port",
        "Team",
    },
    "id": {"Status", "Menu:", "File", "Port"},
    "ms": {"Status", "Menu:", "Token", "Port"},
    "tr": {"Port"},
}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogues(language: str) -> Iterator[tuple[Path, Catalog]]:
    for path in sorted(HOUSE.glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            yield path, read_po(file)


def messages(language: str) -> list[Message]:
    return [each for _, catalogue in catalogues(language) for each in catalogue if each.id]


def forms(said: str | tuple[str, ...] | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else list(said)


def is_said(text: Text, language: str) -> bool:
    """Whether the catalogues in force have words for `text`, ours and those of the libraries."""
    known = in_force.translation(language)._catalog
    name = f"{text.context}\x04{text.one}" if text.context else text.one
    return any(known.get(key) for key in ([(name, 0), (name, 1)] if text.many else [name]))


def test_the_house_speaks_the_languages_of_its_starter_book() -> None:
    assert [code for code, _ in settings.LANGUAGES] == list(BOOK.languages) == settings.STAFF_LANGUAGES


@each_language
def test_every_text_of_the_house_has_words(language: str) -> None:
    texts = texts_in(HOUSE)
    assert len(texts) > 500
    assert {text.one: where for text, where in texts.items() if not is_said(text, language)} == {}


@each_language
def test_every_text_of_the_sign_in_that_we_serve_has_words(language: str) -> None:
    texts = texts_in(*SERVED, without=NOT_SERVED)
    assert len(texts) > 150
    assert {text.one: where for text, where in texts.items() if not is_said(text, language)} == {}


@each_language
def test_what_two_catalogues_say_they_say_alike(language: str) -> None:
    said: dict[tuple[str | None, str], list[str]] = {}
    for _, catalogue in catalogues(language):
        for key, own in by_text(catalogue).items():
            assert said.setdefault(key, own) == own, key


@each_language
def test_no_words_are_doubtful_empty_or_english(language: str) -> None:
    doubtful = [each.id for each in messages(language) if each.fuzzy or not all(forms(each.string))]
    assert doubtful == []
    english = {form for each in messages(language) for form in forms(each.string) if form in forms(each.id)}
    names = {"STARTTLS", "IMAP", "SMTP", "API"}
    assert {form for form in english if re.search(r"[A-Za-z]{3}", HOLES.sub("", form))} - names <= SAME[language]


@each_language
def test_what_is_filled_in_or_set_off_stays(language: str) -> None:
    lost = [
        (each.id, said)
        for each in messages(language)
        for said in forms(each.string)
        if sorted(HOLES.findall(said)) != sorted(HOLES.findall(forms(each.id)[-1]))
    ]
    assert lost == []


@each_language
def test_a_counted_thing_has_as_many_forms_as_the_language(language: str) -> None:
    wanted = {"da": 2, "tr": 2, "id": 1, "ms": 1}[language]
    for path, catalogue in catalogues(language):
        assert catalogue.num_plurals == wanted, path
        counted = [each for each in catalogue if isinstance(each.id, tuple | list)]
        assert [each.id for each in counted if len(forms(each.string)) != wanted] == []


@each_language
def test_no_ending_hangs_on_what_is_filled_in(language: str) -> None:
    hung = [said for each in messages(language) for said in forms(each.string) if ENDING.search(said)]
    assert hung == []


@each_language
def test_what_is_written_is_what_is_compiled(language: str) -> None:
    for path, catalogue in catalogues(language):
        with path.with_suffix(".mo").open("rb") as file:
            compiled = read_mo(file)
        assert by_text(compiled) == by_text(catalogue), path


def by_text(catalogue: Catalog) -> dict[tuple[str | None, str], list[str]]:
    """What a catalogue says; babel reads the contexts of a compiled one as bytes."""
    texts = (each for each in catalogue if each.id)
    return {(_as_text(each.context), forms(each.id)[0]): forms(each.string) for each in texts}


def _as_text(context: str | bytes | None) -> str | None:
    return context.decode() if isinstance(context, bytes) else context


@pytest.mark.parametrize(("language", "foreign"), [("id", ONLY_MALAY), ("ms", ONLY_INDONESIAN)])
def test_indonesian_and_malay_are_kept_apart(language: str, foreign: str) -> None:
    strangers = re.compile(rf"\b(?:{'|'.join(foreign.split())})\b", re.IGNORECASE)
    said = [HOLES.sub("", form) for each in messages(language) for form in forms(each.string)]
    assert [form for form in said if strangers.search(form)] == []


@pytest.mark.parametrize(
    ("language", "first"), [("da", "Log ind"), ("id", "Masuk"), ("ms", "Log masuk"), ("tr", "Oturum aç")]
)
def test_our_words_go_before_those_of_a_library(language: str, first: str) -> None:
    with override(language):
        assert in_force.gettext("Sign in") == first


def test_our_malay_goes_before_what_django_would_say() -> None:
    own = {path.parts[-5]: by_text(catalogue) for path, catalogue in catalogues("ms")}["web"]
    with override("ms"):
        shadowed = [
            text for (context, text), (said, *_) in own.items() if not context and in_force.gettext(text) != said
        ]
    assert [text for text in shadowed if " security key" not in text and "recovery codes available" not in text] == []
