"""The contact form: one letter, one conversation, nothing lost that was typed."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from goodword.channels.models import FormEntry
from goodword.desk.models import Conversation
from goodword.portal import limits
from tests.world import World

TYPED = {
    "name": "Freja Holm",
    "email": "freja@holm.example",
    "about": "returns",
    "order": "10452",
    "text": "Hello, I would like to send back the lamp.",
}


@pytest.fixture
def writer(world: World) -> Client:
    return Client()


def token_on(page: bytes) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.decode())
    assert found
    return found[1]


def post(client: Client, path: str = "/contact/", **typed: Any) -> HttpResponse:
    values = {**TYPED, "token": token_on(client.get(path).content), **typed}
    return client.post(path, values)


def test_a_form_becomes_a_conversation_with_all_that_was_written(writer: Client) -> None:
    answer = post(writer)

    assert answer.status_code == 302
    conversation = Conversation.objects.get()
    message = conversation.messages.get(direction="in")
    assert TYPED["text"] in message.text
    assert (message.from_address, message.channel) == ("freja@holm.example", "form")
    assert conversation.language == "en"


def test_the_same_form_posted_twice_is_one_conversation(writer: Client) -> None:
    token = token_on(writer.get("/contact/").content)
    first, second = (writer.post("/contact/", {**TYPED, "token": token}) for _ in range(2))

    assert (Conversation.objects.count(), FormEntry.objects.count()) == (1, 1)
    assert first["Location"] == second["Location"]


def test_two_forms_are_two_conversations(writer: Client) -> None:
    post(writer)
    post(writer)
    assert Conversation.objects.count() == 2


def test_the_thanks_say_by_when_a_person_answers_and_nothing_of_who_wrote(writer: Client) -> None:
    answer = post(writer)
    page = writer.get(answer["Location"]).content.decode()

    # It is Monday at ten; the book promises an answer within 24 hours.
    assert "17 November" in page
    assert "freja@holm.example" not in page
    assert "Freja" not in page


def test_the_thanks_come_in_danish_where_danish_was_chosen(writer: Client) -> None:
    answer = post(writer, "/contact/?language=da")
    assert "language=da" in answer["Location"]
    page = writer.get(answer["Location"]).content.decode()
    assert "17. november" in page
    assert Conversation.objects.get().language == "da"


def test_the_thanks_page_of_no_form_tells_nothing(writer: Client) -> None:
    assert writer.get("/contact/thanks/?form=guess").status_code == 200


def test_the_version_of_the_privacy_notice_she_saw_is_kept(world: World, writer: Client) -> None:
    page = writer.get("/contact/").content.decode()
    post(writer)

    assert "Privacy notice" in page
    assert world.publication.hash[:8] in page
    assert FormEntry.objects.get().privacy_notice == world.publication.hash


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "write your name"),
        ("email", "", "write your e-mail address"),
        ("email", "freja at holm", "does not look like an e-mail address"),
        ("text", " ", "what we can do for you"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    writer: Client, field: str, value: str, said: str
) -> None:
    answer = post(writer, **{field: value})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert re.search(rf'id="contact-{field}-wrong">[^<]*{said}', page)
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page)
    kept = {name: typed for name, typed in TYPED.items() if name != field}
    assert [name for name, typed in kept.items() if typed not in page] == []
    assert Conversation.objects.count() == 0


def test_a_form_mended_after_a_mistake_is_still_the_same_form(writer: Client) -> None:
    wrong = post(writer, name="")
    right = writer.post("/contact/", {**TYPED, "token": token_on(wrong.content)})
    assert right.status_code == 302
    assert Conversation.objects.count() == 1


def test_a_form_whose_token_we_did_not_sign_comes_back_with_everything_typed(writer: Client) -> None:
    answer = writer.post("/contact/", {**TYPED, "token": "made-up"})
    assert answer.status_code == 422
    assert TYPED["text"] in answer.content.decode()
    assert Conversation.objects.count() == 0
    again = writer.post("/contact/", {**TYPED, "token": token_on(answer.content)})
    assert again.status_code == 302


def test_a_robot_that_takes_the_bait_is_thanked_and_forgotten(writer: Client) -> None:
    answer = post(writer, website="https://spam.example")
    assert answer.status_code == 302
    assert Conversation.objects.count() == 0


def test_too_many_forms_within_an_hour_are_held_back_with_everything_typed(
    writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FORMS_PER_HOUR", 2)
    answers = [post(writer) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert TYPED["text"] in answers[-1].content.decode()
    assert Conversation.objects.count() == 2


def test_files_come_along(writer: Client) -> None:
    picture = SimpleUploadedFile("lamp.png", b"\x89PNG picture", content_type="image/png")
    post(writer, attachments=[picture])
    attachment = Conversation.objects.get().messages.get(direction="in").attachments.get()
    assert (attachment.name, attachment.size) == ("lamp.png", 12)


def test_too_many_files_are_told_beside_the_field(writer: Client) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(6)]
    answer = post(writer, attachments=files)
    assert answer.status_code == 422
    assert "five files at most" in answer.content.decode()


def test_somebody_elses_order_number_proves_nothing(writer: Client) -> None:
    post(writer, email="stranger@post.example", order="10452")
    assert Conversation.objects.get().identity == Conversation.UNVERIFIED


def test_a_link_from_a_policy_has_its_situation_chosen(writer: Client) -> None:
    page = writer.get("/contact/?about=cancellations").content.decode()
    assert '<option value="cancellations" selected>' in page


def test_the_form_asks_for_its_own_token_against_forgery(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = token_on(strict.get("/contact/").content)
    assert strict.post("/contact/", {**TYPED, "token": token}).status_code == 403
