"""The customer's own page: what she sees by her link, what nobody sees, and how she answers there."""

import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.channels.models import FormEntry, OutgoingMail
from goodword.channels.own_page import address_of, conversation_by_token, token_for
from goodword.channels.sending import finish, mark_sent
from goodword.desk.actions.conversations import (
    add_note,
    close_conversation,
    open_conversation,
    receive,
    reply,
)
from goodword.desk.actions.corrections import correct_customer
from goodword.desk.actions.regrouping import merge_conversations
from goodword.desk.arriving import KeptFile, Said
from goodword.desk.models import Conversation, Decision, Message
from goodword.lib import clock
from goodword.lib.blobs import keep_blob, read_blob
from goodword.people.actions import erase_person
from goodword.policies.queries import current_book
from tests.desk.cases import plain_yes
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def fresh_counts(db: None) -> None:
    cache.clear()


@pytest.fixture
def client() -> Client:
    return Client()


def conversation_of(world: World, text: str = "Jeg vil returnere ordre 10452.") -> Conversation:
    conversation = open_conversation(world.inbox, world.freja, "Min lampe", "da", by=None, identity="known")
    receive(conversation, world.freja, Said(text=text, at=NOW, from_address="freja@holm.example", language="da"))
    return Conversation.objects.get(pk=conversation.pk)


def page(client: Client, conversation: Conversation, query: str = "") -> str:
    response = client.get(f"/c/{token_for(conversation)}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def form_token(html: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found
    return found[1]


def answer(client: Client, conversation: Conversation, text: str, **more: object) -> object:
    token = form_token(page(client, conversation))
    return client.post(f"/c/{token_for(conversation)}/", {"text": text, "token": token, **more})


def answered_yes(world: World) -> Decision:
    decision = plain_yes(world, "da")
    reply(decision.matter.conversation, decision.draft_offered, by=world.ida)
    return decision


def test_she_sees_her_letters_and_ours_in_her_language(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    reply(conversation, "Kære Freja Holm\n\nSelvfølgelig.", by=world.ida, expect_differences_confirmed=True)
    html = page(client, conversation)
    assert 'lang="da"' in html
    assert "Jeg vil returnere ordre 10452." in html
    assert "Selvfølgelig." in html
    assert "Ida, Nordhvile" in html
    assert "Lund" not in html


def test_she_never_sees_what_we_say_among_ourselves(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    add_note(conversation, "Hun klager tit, pas på.", by=world.ida)
    assert "pas på" not in page(client, conversation)


def test_a_promise_stands_there_with_its_moment_in_her_words(world: World, client: Client) -> None:
    html = page(client, conversation_of(world))
    assert "tirsdag den 17. november kl. 10.00" in html


def test_answered_she_reads_that_her_word_is_next_and_no_longer_once_she_has_written(
    world: World, client: Client
) -> None:
    conversation = conversation_of(world)
    her_turn = "Vi har svaret dig, og nu er det din tur."
    assert her_turn not in page(client, conversation)
    answered = reply(conversation, "Vil du have en voucher?", by=world.ida, expect_differences_confirmed=True)
    mark_sent(OutgoingMail.objects.get(message=answered))
    conversation.refresh_from_db()
    assert (conversation.waiting_on, her_turn in page(client, conversation)) == ("customer", True)
    answer(client, conversation, "Ja tak.")
    assert her_turn not in page(client, conversation)


def test_what_is_being_done_stands_there_once_she_has_been_told(world: World, client: Client) -> None:
    decision = plain_yes(world, "da")
    conversation = decision.matter.conversation
    assert "Tilbagebetaling" not in page(client, conversation)
    reply(conversation, decision.draft_offered, by=world.ida)
    html = page(client, conversation)
    assert "Tilbagebetaling" in html
    assert "499" in html


def test_of_an_order_that_is_not_shown_to_be_hers_nothing_stands_there(world: World, client: Client) -> None:
    decision = answered_yes(world)
    conversation = decision.matter.conversation
    Conversation.objects.filter(pk=conversation.pk).update(identity="unverified")
    assert "Tilbagebetaling" not in page(client, Conversation.objects.get(pk=conversation.pk))


def test_whoever_the_conversation_turns_out_to_be_sees_nothing_of_the_first_customers(
    world: World, client: Client
) -> None:
    conversation = answered_yes(world).matter.conversation
    old = token_for(conversation)
    correct_customer(conversation, world.oliver, by=world.ida)
    html = page(client, Conversation.objects.get(pk=conversation.pk))
    assert [word for word in ("Freja", "Holm", "499", "Tilbagebetaling", "Måne") if word in html] == []
    assert client.get(f"/c/{old}/").status_code == 410


def test_her_answer_arrives_as_a_message_with_its_file_to_the_byte(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    file = SimpleUploadedFile("foto.png", b"\x89PNG\x00\xff", "image/png")
    response = answer(client, conversation, "Her er et billede.", attachments=file)
    last = conversation.messages.filter(direction=Message.IN).last()
    assert last is not None
    assert response.status_code == 302  # type: ignore[attr-defined]
    assert (last.text, last.channel, last.person) == ("Her er et billede.", "form", world.freja)
    assert read_blob(last.attachments.get().blob) == b"\x89PNG\x00\xff"
    arrived = client.get(response["Location"])  # type: ignore[index]
    assert "arrived" in arrived.content.decode()


def test_the_same_answer_posted_twice_is_one(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    token = form_token(page(client, conversation))
    for _time in range(2):
        client.post(f"/c/{token_for(conversation)}/", {"text": "Kun én gang.", "token": token})
    assert conversation.messages.filter(text="Kun én gang.").count() == 1
    assert FormEntry.objects.count() == 1


def test_an_answer_of_nothing_is_asked_for_again(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    response = answer(client, conversation, "  ")
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert conversation.messages.filter(direction=Message.IN).count() == 1


def test_her_answer_takes_a_closed_conversation_up_again(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    close_conversation(conversation, "answered", by=world.ida, why="She called.")
    answer(client, conversation, "En ting til.")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_on) == ("open", "us")


def test_long_after_it_was_closed_her_answer_begins_a_new_conversation(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    close_conversation(conversation, "answered", by=world.ida, why="She called.")
    link = token_for(conversation)
    with clock.stopped_at(NOW + timedelta(days=61)):
        token = form_token(client.get(f"/c/{link}/").content.decode())
        response = client.post(f"/c/{link}/", {"text": "Den er gået i stykker.", "token": token})
        new = Conversation.objects.get(follows=conversation)
        assert new.messages.get(direction=Message.IN).text == "Den er gået i stykker."
        assert client.get(response["Location"]).status_code == 200
    conversation.refresh_from_db()
    assert conversation.state == "closed"


def test_a_link_ends_when_the_book_says_so(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = conversation_of(world)
    link = token_for(conversation)
    days = int(current_book().parameter("own_page_days", NOW.date()))
    signed = time.time()  # the signer reads the wall clock
    monkeypatch.setattr(time, "time", lambda: signed + days * 86_400 + 5)
    response = client.get(f"/c/{link}/")
    assert response.status_code == 410
    assert "Jeg vil returnere" not in response.content.decode()
    assert conversation_by_token(link) is None


def test_an_old_link_mails_a_fresh_one_to_her_own_address_and_tells_nobody_else_anything(
    world: World, client: Client
) -> None:
    conversation = conversation_of(world)
    link = token_for(conversation)
    Conversation.objects.filter(pk=conversation.pk).update(page_word="another")
    OutgoingMail.objects.all().delete()
    known = client.post(f"/c/{link}/fresh/")
    unknown = client.post("/c/1-x.abc.def/fresh/", headers={"Accept-Language": "da"})
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == ["freja@holm.example"]
    conversation.refresh_from_db()
    last = conversation.messages.filter(direction=Message.OUT).last()
    assert last is not None
    sent = read_blob(last.raw).decode().replace("=\r\n", "").replace("=\n", "")
    assert "/c/" in sent
    assert "holm.example" not in known.content.decode()


def test_what_she_writes_on_a_page_whose_link_has_ended_is_handed_back(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    link, token = token_for(conversation), form_token(page(client, conversation))
    Conversation.objects.filter(pk=conversation.pk).update(page_word="another")
    response = client.post(f"/c/{link}/", {"text": "Et langt svar.", "token": token})
    assert (response.status_code, "Et langt svar." in response.content.decode()) == (409, True)
    assert conversation.messages.filter(text="Et langt svar.").count() == 0


def test_only_a_few_fresh_links_are_mailed_in_an_hour(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    OutgoingMail.objects.all().delete()
    for _time in range(6):
        client.post(f"/c/{token_for(conversation)}/fresh/")
    assert OutgoingMail.objects.count() == 3


def test_a_merged_or_erased_conversations_links_open_nothing(world: World, client: Client) -> None:
    first, second = conversation_of(world), conversation_of(world, "Og et spørgsmål til.")
    gone, kept = token_for(second), token_for(first)
    merge_conversations(second, first, by=world.ida)
    assert (client.get(f"/c/{gone}/").status_code, client.get(f"/c/{kept}/").status_code) == (410, 200)
    erase_person(world.freja, book=current_book(), by=world.mette)
    assert client.get(f"/c/{kept}/").status_code == 410


@pytest.mark.parametrize("change", ["last letter", "another number", "nonsense"])
def test_no_link_can_be_made_up(world: World, client: Client, change: str) -> None:
    token = token_for(conversation_of(world))
    last = "B" if token.endswith("A") else "A"
    made_up = {"last letter": token[:-1] + last, "another number": f"9{token}", "nonsense": "x"}[change]
    response = client.get(f"/c/{made_up}/")
    assert response.status_code == 410
    assert "Min lampe" not in response.content.decode()


def test_whoever_tries_link_after_link_is_let_in_no_more(world: World, client: Client) -> None:
    token = token_for(conversation_of(world))
    for number in range(61):
        client.get(f"/c/{number}-x.aaaaaa.bbbbbb/")
    assert client.get(f"/c/{token}/").status_code == 404


def test_no_cache_no_search_engine_and_no_other_site_learns_of_it(world: World, client: Client) -> None:
    response = client.get(f"/c/{token_for(conversation_of(world))}/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_file_is_handed_out_only_with_a_message_she_sees(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    kept = KeptFile("brev.txt", "text/html", keep_blob(b"<b>hej</b>"), 10)
    letter = Said(text="Se filen.", at=NOW, from_address="freja@holm.example", files=[kept])
    file = receive(conversation, world.freja, letter).attachments.get()
    other = conversation_of(world, "En anden.")
    mine = client.get(f"/c/{token_for(conversation)}/file/{file.pk}/")
    assert (mine.content, mine["Content-Type"]) == (b"<b>hej</b>", "application/octet-stream")
    assert client.get(f"/c/{token_for(other)}/file/{file.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Where it stands"),
        ("da", "Sådan står det"),
        ("id", "Perkembangannya"),
        ("ms", "Perkembangannya"),
        ("tr", "Şu anki durum"),
    ],
)
def test_the_page_is_in_the_language_of_her_choice(world: World, client: Client, language: str, heading: str) -> None:
    assert heading in page(client, conversation_of(world), f"?language={language}")


def test_every_letter_of_ours_holds_the_link(world: World) -> None:
    conversation = conversation_of(world)
    thanks = conversation.messages.get(direction=Message.OUT)
    text = read_blob(finish(thanks.outgoing.get()).blob).decode().replace("=\r\n", "").replace("=3D", "=")
    assert address_of(conversation).rpartition(".")[0].rpartition(".")[0] in text


def test_a_page_of_many_messages_asks_no_more_questions_than_one_of_few(world: World, client: Client) -> None:
    conversation = conversation_of(world)
    page(client, conversation)
    few = questions(client, conversation)
    for number in range(3):
        letter = Said(text=f"Nummer {number}", at=NOW, from_address="freja@holm.example")
        receive(conversation, world.freja, letter)
    assert questions(client, conversation) == few


def questions(client: Client, conversation: Conversation) -> int:
    with CaptureQueriesContext(connection) as asked:
        page(client, conversation)
    return len(asked)
