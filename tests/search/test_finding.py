"""Each thing one may remember finds the conversation; in five languages; the newest first."""

from datetime import date, timedelta

import pytest

from goodword.accounts.models import Team
from goodword.desk.models import Attachment, Conversation
from goodword.people.models import Address
from goodword.search.actions import index_some
from goodword.search.asked import read_question
from goodword.search.queries import Wanted, search_for
from tests.search.conftest import Find, make_the_index
from tests.world import NOW, World


@pytest.fixture
def bed(world: World) -> Conversation:
    """Oliver's bed has a broken slat; two other letters are about something else."""
    world.write(world.freja, "Hej", subject="Lampen")
    message = world.write(world.oliver, "There is a broken slat in it, says Müller.", subject="The bed")
    Attachment.objects.create(
        message=message, name="Receipt for the bed 2026.pdf", content_type="application/pdf", size=1, blob="x"
    )
    Address.objects.create(person=world.oliver, kind="phone", value="+4512345678")
    message.conversation.matters.create(purchase=world.purchases["10471"], line=world.line("10471"), opened_at=NOW)
    world.write(world.karen, "Hej", subject="Dynen")
    return message.conversation


@pytest.mark.parametrize(
    "text",
    [
        "1001", "#1001", "broken", "BROKEN slat", "slat broken", "slats", '"broken slat in it"', "brok", "bed",
        "oliver", "Oliver broken", "oliver@grant.example", "oliver@gra", "12 34 56 78", "+45 12345678", "12345678",
        "10471", "1047", "receipt for the bed", '"for the bed 2026"', "2026.pdf", "müller", "muller", "slat, broken!",
        "continental",
    ],
)  # fmt: skip
def test_a_conversation_is_found_by_whatever_one_remembers(
    world: World, bed: Conversation, search: Find, text: str
) -> None:
    assert search(text) == [bed.number]


@pytest.mark.parametrize(
    "text",
    ["%", "'", '"', "²", "\\", "nobody", '"slat broken"', "9" * 40, "* OR *", "NOT bed AND", "words : bed NEAR(", ":*",
     "''", "\x00", "broken nobody", '"bed there is"'],
)  # fmt: skip
def test_what_is_not_there_or_odd_finds_nothing_and_breaks_nothing(
    world: World, bed: Conversation, search: Find, text: str
) -> None:
    assert search(text) == []


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [
        ("da", "Puderne er for bløde", "pude "), ("da", "En pude mangler", "puderne "), ("da", "To puder", "puden "),
        ("da", "Jeg reklamerer over leveringen", "levering "),
        ("en", "I returned the pillows", "pillow "), ("en", "The pillow was returned", "returns "),
        ("id", "Kapan pengembalian dana saya?", "mengembalikan "), ("id", "Bantalnya rusak", "bantal "),
        ("id", "Barang sudah dikembalikan", "kembali "),
        ("ms", "Bantalnya sudah rosak", "bantal "), ("ms", "Bila penghantaran saya?", "penghantaran "),
        ("tr", "İadeler ne zaman yapılır?", "iade "), ("tr", "Para iade edilmedi", "iadeler "),
        ("tr", "SİPARİŞİM gelmedi", "sipariş "), ("tr", "Siparişler geç kaldı", "siparisler "),
    ],
)  # fmt: skip
def test_another_form_of_the_word_finds_it_in_each_language(
    world: World, search: Find, language: str, written: str, asked: str
) -> None:
    world.write(world.freja, "Something else entirely", language="en")
    wanted = world.write(world.karen, written, language=language).conversation
    assert search(asked) == [wanted.number]


def test_the_stem_of_one_language_does_not_find_the_words_of_another(world: World, search: Find) -> None:
    world.write(world.karen, "Ia", language="en")
    assert search("iadeler ") == []


def test_a_word_in_quotes_is_meant_as_it_is_written(world: World, search: Find) -> None:
    exact = world.write(world.karen, "En pude", language="da").conversation
    world.write(world.karen, "To puder", language="da")
    assert search('"pude"') == [exact.number]


def test_words_of_different_letters_of_one_conversation_find_it(world: World, search: Find) -> None:
    first = world.write(world.freja, "The lamp hums")
    world.write_again(first.conversation, "And it flickers")
    assert search("hums flickers") == [first.conversation.number]
    assert search('"hums and"') == []


def test_the_newest_is_first_whatever_its_id(world: World, search: Find) -> None:
    numbers = [
        world.write(world.freja, "The lamp hums", at=NOW - timedelta(days=days)).conversation.number
        for days in (3, 1, 2)
    ]
    assert search("lamp") == [numbers[1], numbers[2], numbers[0]]


def test_pages_follow_each_other_without_gap_or_double(world: World) -> None:
    made = [world.write(world.freja, "hums", at=NOW - timedelta(days=days)).conversation.number for days in range(7)]
    make_the_index()
    seen, after = [], None
    for _ in range(4):
        page = search_for(world.ida, Wanted("hums"), after=after, size=2)
        seen += [hit.conversation.number for hit in page.hits]
        after = page.after
    assert (seen, after) == (made, None)


def test_a_number_that_is_typed_stands_first_once_and_before_it_is_indexed(world: World) -> None:
    old = world.write(world.freja, "Hello", at=NOW - timedelta(days=9)).conversation
    newer = world.write(world.oliver, f"About {old.number}").conversation
    make_the_index()
    late = world.write(world.karen, "Hello").conversation
    assert [hit.conversation for hit in search_for(world.ida, Wanted(f"#{old.number}")).hits] == [old, newer]
    first = search_for(world.ida, Wanted(str(old.number)), size=1)
    second = search_for(world.ida, Wanted(str(old.number)), size=1, after=first.after)
    assert [[hit.conversation for hit in page.hits] for page in (first, second)] == [[old], [newer]]
    assert [hit.conversation for hit in search_for(world.ida, Wanted(str(late.number))).hits] == [late]


def test_each_filter_narrows_and_may_stand_alone(world: World, search: Find) -> None:
    first = world.write(world.freja, "lamp", at=NOW - timedelta(days=40)).conversation
    second = world.write(world.oliver, "lamp").conversation
    Conversation.objects.filter(pk=first.pk).update(state="closed", assignee=world.ida)
    Conversation.objects.filter(pk=second.pk).update(team=world.ida.teams.get())
    assert search("lamp") == [second.number, first.number]
    assert search("lamp", state="closed") == search("", state="closed") == [first.number]
    assert search("lamp", language=second.language) == search("", person=world.oliver.pk) == [second.number]
    assert search("lamp", whose="mine") == [first.number]
    assert search("lamp", whose="team") == [second.number, first.number]
    assert search("lamp", inbox="hello@nordhvile.example") == [second.number, first.number]
    assert search("lamp", inbox="other@nordhvile.example") == []
    assert search("lamp", since=NOW.date() - timedelta(days=1)) == [second.number]
    assert search("lamp", until=NOW.date() - timedelta(days=39)) == [first.number]
    assert search("lamp", since=date(2026, 1, 1), until=NOW.date()) == [second.number, first.number]
    assert search("") == []


def test_customers_and_orders_are_found_beside(world: World) -> None:
    Address.objects.create(person=world.karen, kind="phone", value="+4512345678")
    make_the_index()
    assert search_for(world.ida, Wanted("hol")).people == [world.freja]
    assert search_for(world.ida, Wanted("fh@arbejde.example")).people == [world.freja]
    assert search_for(world.ida, Wanted("12345678")).people == [world.karen]
    assert search_for(world.ida, Wanted("10471")).orders == [world.purchases["10471"]]
    assert search_for(world.ida, Wanted("fjord bed")).orders == [world.purchases["10471"]]
    assert search_for(world.ida, Wanted("hol", state="open")).people == []


def test_what_was_found_is_marked_with_the_words_around(world: World) -> None:
    text = "word " * 100 + "and then the PILLOWS & <b>more</b> came " + "word " * 100
    world.write(world.freja, text, subject="About a pillow", language="en")
    make_the_index()
    [hit] = search_for(world.ida, Wanted("pillow ")).hits
    assert [each.text for each in hit.words if each.is_found] == ["PILLOWS"]
    assert [each.text for each in hit.subject if each.is_found] == ["pillow"]
    shown = "".join(each.text for each in hit.words)
    assert shown.startswith("… word word")
    assert "then the PILLOWS & <b>more</b> came word" in shown
    assert len(shown) < 200


def test_found_by_its_goods_it_says_so(world: World) -> None:
    message = world.write(world.oliver, "Where is it?")
    message.conversation.matters.create(purchase=world.purchases["10471"], line=world.line("10471"), opened_at=NOW)
    make_the_index()
    [hit] = search_for(world.ida, Wanted("continental")).hits
    assert "".join(each.text for each in hit.words) == "10471 Fjord continental bed"


def test_the_newest_orders_stand_first(world: World) -> None:
    make_the_index()
    days = [order.bought_on for order in search_for(world.ida, Wanted("10")).orders]
    assert (days, len(days)) == (sorted(days, reverse=True), 5)


def test_nothing_is_looked_for_where_nothing_is_asked() -> None:
    assert [bool(read_question(text)) for text in ("", "  ", '""', "-", "a")] == [False, False, False, False, True]


def test_a_team_of_others_is_not_hers(world: World, search: Find) -> None:
    message = world.write(world.freja, "lamp")
    other = Team.objects.create(name="Another team", department="finance")
    Conversation.objects.filter(pk=message.conversation_id).update(team=other)
    assert search("lamp", whose="team") == []


def test_the_index_is_made_in_pieces_and_then_has_nothing_to_do(world: World) -> None:
    world.write(world.freja, "lamp")
    make_the_index()
    while index_some():
        pass
    assert index_some() == 0
