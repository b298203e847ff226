"""The language of a message: by its letters, and where they say little, by whom it is from."""

import pytest

from goodword.channels.languages import language_of

BOOK = ["en", "da"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order? It should have been here on Monday.", "en"),
        ("Hvor er min ordre? Den skulle have været her i mandags.", "da"),
        ("Jeg vil gerne sende lampen tilbage, den passer ikke ind.", "da"),
    ],
)
def test_a_sentence_is_told_by_its_letters(text: str, language: str) -> None:
    assert language_of(text, BOOK, person="en", inbox="da") == language
    assert language_of(text, BOOK, person="da", inbox="en") == language


def test_a_number_is_in_the_language_of_the_person_then_of_the_inbox() -> None:
    assert language_of("10452 !!", BOOK, person="da", inbox="en") == "da"
    assert language_of("10452 !!", BOOK, inbox="da") == "da"
    assert language_of("", BOOK) == "en"


def test_a_language_the_book_does_not_speak_becomes_one_it_does() -> None:
    assert language_of("Ich möchte die Lampe zurückgeben.", BOOK, person="de") in BOOK


def test_a_book_of_one_language_needs_no_guess() -> None:
    assert language_of("Hvor er min ordre?", ["en"], person="da") == "en"


def test_indonesian_and_malay_are_told_apart_by_what_is_known() -> None:
    assert language_of("Di mana pesanan saya?", ["en", "id", "ms"], inbox="ms") == "ms"
    assert language_of("Di mana pesanan saya?", ["en", "id", "ms"], person="id", inbox="ms") == "id"
