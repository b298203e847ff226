"""The language of a message: by its letters, and where they say little, by whom it is from."""

import pytest

from goodword.channels.languages import language_of
from tests.test_starter_book import MAILS

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


FIVE = ["en", "da", "id", "ms", "tr"]


@pytest.mark.parametrize("inbox", FIVE)
@pytest.mark.parametrize(("language", "text"), [(mail[0], mail[2]) for mail in MAILS if mail[0] in ("en", "da")])
def test_english_and_danish_mails_stay_so_in_a_book_of_five(language: str, text: str, inbox: str) -> None:
    assert language_of(text, FIVE, inbox=inbox) == language


@pytest.mark.parametrize("inbox", ["en", "da"])
@pytest.mark.parametrize(("language", "text"), [(mail[0], mail[2]) for mail in MAILS if mail[0] in ("id", "ms")])
def test_indonesian_and_malay_mails_are_told_apart_by_their_words(language: str, text: str, inbox: str) -> None:
    assert language_of(text, FIVE, inbox=inbox) == language


@pytest.mark.parametrize("inbox", FIVE)
@pytest.mark.parametrize(
    "text",
    [
        "Thanks!", "Any news?", "a lamp", "lamp broken", "Bed 10490 late", "OK, main lamp", "Return label", "My Mac",
        "refund please", "Is the bantam pillow in stock?", "Dear sirs", "Dan, the lorry never came", "Print it",
        "See attached", "Tak", "Nej tak", "Ja tak", "Sengen", "Min lampe", "Print den", "Tak for hjælpen, Ni er søde",
        "Kan I ringe?", "januar 2026", "8800 Viborg", "Er returlabelen gratis?",
    ],
)  # fmt: skip
def test_a_short_english_or_danish_mail_is_never_taken_for_indonesian_or_malay(text: str, inbox: str) -> None:
    assert language_of(text, FIVE, inbox=inbox) in ("en", "da")


@pytest.mark.parametrize(
    ("text", "expected", "language"),
    [
        ("Terima kasih", "ms", "ms"),
        ("Terima kasih", "id", "id"),
        ("ok", "ms", "ms"),
        ("Bisa kirim hari ini? Kapan sampai?", "ms", "id"),
        ("Saya nak cancel, tilam tu dah rosak", "id", "ms"),
    ],
)
def test_only_telling_words_go_before_what_is_known(text: str, expected: str, language: str) -> None:
    assert language_of(text, FIVE, inbox=expected) == language


def test_one_stray_word_does_not_change_the_language_of_a_person() -> None:
    assert language_of("Terima kasih, sila balas.", FIVE, person="id", inbox="en") == "id"
    assert language_of("Terima kasih, mohon dibalas.", FIVE, person="ms", inbox="en") == "ms"


@pytest.mark.parametrize("inbox", FIVE)
@pytest.mark.parametrize("text", [mail[2] for mail in MAILS if mail[0] == "tr"])
def test_turkish_mails_are_told_by_their_letters(text: str, inbox: str) -> None:
    assert language_of(text, FIVE, inbox=inbox) == "tr"


@pytest.mark.parametrize("person", ["id", "ms"])
@pytest.mark.parametrize("inbox", ["id", "ms", "tr", "en"])
@pytest.mark.parametrize("text", ["Di mana pesanan saya?", "Pesanan 10490", "Terima kasih, saya tunggu."])
def test_where_letters_say_nothing_the_person_goes_before_the_inbox(text: str, person: str, inbox: str) -> None:
    assert language_of(text, FIVE, person=person, inbox=inbox) == person


@pytest.mark.parametrize("inbox", ["id", "ms"])
@pytest.mark.parametrize("text", ["Di mana pesanan saya?", "Saya tunggu pesanan 10490.", "Terima kasih"])
def test_of_a_stranger_the_inbox_tells_indonesian_from_malay(text: str, inbox: str) -> None:
    assert language_of(text, FIVE, inbox=inbox) == inbox


def test_an_inbox_that_tells_fewer_languages_apart_finds_only_those() -> None:
    assert language_of("Saya nak cancel, tilam tu dah rosak", ["en", "id"], inbox="id") == "id"


@pytest.mark.parametrize("inbox", ["en", "da", "tr"])
@pytest.mark.parametrize(
    "text", ["Merhaba", "Siparisim hala gelmedi, nerede kaldi?", "TEŞEKKÜRLER", "lutfen iptal edin"]
)
def test_turkish_typed_in_a_hurry_is_turkish(text: str, inbox: str) -> None:
    assert language_of(text, FIVE, inbox=inbox) == "tr"


def test_what_everybody_writes_is_in_the_language_of_a_turkish_person() -> None:
    assert language_of("ok", FIVE, person="tr", inbox="da") == "tr"
