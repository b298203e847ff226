"""The conversation page: reading, deciding in three clicks, and what holds a reply back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goodword.desk.actions.matters import open_matters
from goodword.desk.models import Attachment, Conversation, Decision, Draft, Message
from goodword.lib.blobs import keep_blob
from goodword.people.models import RecordReading
from goodword.policies.actions import publish
from tests.desk.cases import refusal, returned, too_large
from tests.web.conftest import HTMX
from tests.world import World


def number_of(matter_or_decision: object) -> int:
    matter = getattr(matter_or_decision, "matter", matter_or_decision)
    return int(matter.conversation.number)


def test_opening_it_is_noted_once_as_reading_the_record(world: World, ida: Client) -> None:
    world.write(world.freja, "Hello")
    ida.get("/desk/c/1000/")
    ida.get("/desk/c/1000/")
    assert RecordReading.objects.filter(person=world.freja, agent=world.ida).count() == 1


def test_a_conversation_that_is_not_there_is_not_found(world: World, ida: Client) -> None:
    assert ida.get("/desk/c/4711/").status_code == 404


def test_it_shows_the_outcome_with_its_amount_clause_and_boundary(world: World, ida: Client) -> None:
    page = ida.get(f"/desk/c/{number_of(returned(world, '10452', faulty=False))}/").content.decode()
    for words in ("DKK\xa0499.00", "Within the return window.", "/desk/policies/read/returns/#", "Accept"):
        assert words in page


def test_each_fact_says_where_it_comes_from(world: World, ida: Client) -> None:
    page = ida.get(f"/desk/c/{number_of(returned(world, '10452', faulty=False))}/").content.decode()
    assert "Verified by a record: order 10452" in page
    assert "Stated by the customer" in page


def test_the_one_question_is_answered_with_a_click_and_the_advice_changes(world: World, ida: Client) -> None:
    matter = returned(world, "10452")
    path = f"/desk/c/{number_of(matter)}/"
    assert "One thing is still to be asked." in ida.get(path).content.decode()
    answer = ida.post(f"{path}matters/{matter.pk}/fact/", {"fact": "faulty", "value": "no"}, headers=HTMX)
    text = answer.content.decode()
    assert 'id="work" ' in text
    assert "Within the return window." in text


def test_accepting_drafts_the_answer_and_sending_it_ends_the_draft(world: World, ida: Client) -> None:
    matter = returned(world, "10452", faulty=False)
    path = f"/desk/c/{number_of(matter)}/"
    accepted = ida.post(f"{path}matters/{matter.pk}/accept/")
    assert accepted["Location"] == f"{path}#reply-text"
    draft = Draft.objects.get()
    assert "499.00" in draft.text
    seen = ida.get(path).context["page"].last_seen
    ida.post(f"{path}reply/", {"text": draft.text, "seen": seen})
    sent = Message.objects.get(direction=Message.OUT)
    assert (sent.text, Draft.objects.count()) == (draft.text, 0)
    assert Decision.objects.get().message == sent


def test_accepting_never_eats_what_she_wrote_herself(world: World, ida: Client) -> None:
    matter = returned(world, "10452", faulty=False)
    path = f"/desk/c/{number_of(matter)}/"
    ida.post(f"{path}draft/", {"text": "My own words"}, headers=HTMX)
    ida.post(f"{path}matters/{matter.pk}/accept/")
    assert Draft.objects.get().text == "My own words"
    ida.post(f"{path}offer/")
    assert "499.00" in Draft.objects.get().text


def test_a_reply_waits_when_its_amount_differs_and_goes_when_confirmed(world: World, ida: Client) -> None:
    matter = returned(world, "10452", faulty=False)
    path = f"/desk/c/{number_of(matter)}/"
    ida.post(f"{path}matters/{matter.pk}/accept/")
    wrong = Draft.objects.get().text.replace("499.00", "599.00")
    seen = ida.get(path).context["page"].last_seen
    held = ida.post(f"{path}reply/", {"text": wrong, "seen": seen})
    assert held.status_code == 409
    assert "<mark>DKK\xa0599.00</mark>" in held.content.decode()
    assert Draft.objects.get().text == wrong
    ida.post(f"{path}reply/", {"text": wrong, "seen": seen, "confirmed": "1"})
    assert Message.objects.get(direction=Message.OUT).text == wrong


def test_a_reply_is_stopped_and_the_new_message_shown_when_she_wrote_meanwhile(world: World, ida: Client) -> None:
    message = world.write(world.freja, "Hello")
    path = f"/desk/c/{message.conversation.number}/"
    world.write_again(message.conversation, "I found it under the bed!")
    held = ida.post(f"{path}reply/", {"text": "It is lost.", "seen": message.pk})
    text = held.content.decode()
    assert held.status_code == 409
    assert "Not sent: the customer wrote while you were writing." in text
    assert text.count("I found it under the bed!") == 2
    assert not Message.objects.filter(direction=Message.OUT).exists()


def test_a_refusal_of_the_room_is_said_in_place_for_htmx(world: World, ida: Client) -> None:
    matter = returned(world, "10452", faulty=False)
    path = f"/desk/c/{number_of(matter)}/"
    ida.post(f"{path}matters/{matter.pk}/accept/")
    decision = Decision.objects.first()
    answer = ida.post(f"{path}close/", {"outcome": "solved"}, headers=HTMX)
    assert decision is not None
    assert (answer.status_code, answer["HX-Reswap"]) == (409, "none")
    assert 'id="said"' in answer.content.decode()


def test_an_approval_is_asked_for_with_its_reason(world: World, ida: Client) -> None:
    matter = returned(world, "10471", faulty=False)
    path = f"/desk/c/{number_of(matter)}/"
    assert "Ask for approval" in ida.get(path).content.decode()
    ida.post(f"{path}matters/{matter.pk}/ask/", {"reason": "The leg broke in the first night."})
    decision = Decision.objects.get()
    assert (decision.state, decision.approvals.get().reason) == (
        Decision.AWAITING, "The leg broke in the first night.",
    )  # fmt: skip


def test_a_departure_without_the_authority_waits_for_approval(world: World, ida: Client) -> None:
    matter = returned(world, "10460", faulty=False, opened=True)
    form = {"outcome": "allow", "reason": "She was told otherwise on the phone.", "output-refund_percent": "50"}
    ida.post(f"/desk/c/{number_of(matter)}/matters/{matter.pk}/depart/", form)
    decision = Decision.objects.get()
    assert (decision.kind, decision.state) == (Decision.DEPARTURE, Decision.AWAITING)
    assert decision.outputs["refund_percent"] == 50


def test_the_customer_takes_the_alternative_with_one_click(world: World, ida: Client) -> None:
    decision = refusal(world)
    path = f"/desk/c/{number_of(decision)}/matters/{decision.matter_id}/alternative/"
    ida.post(path)
    assert decision.actions.count() == 1


def test_a_matter_is_corrected_with_one_select(world: World, ida: Client) -> None:
    (matter,) = open_matters(world.write(world.freja, "About order 10452"))
    line = world.line("10460")
    ida.post(f"/desk/c/1000/matters/{matter.pk}/", {"policy": "complaints", "line": f"line:{line.pk}"})
    matter.refresh_from_db()
    assert (matter.policy, matter.line, matter.guessed) == ("complaints", line, False)


def test_somebody_elses_order_cannot_be_named(world: World, ida: Client) -> None:
    (matter,) = open_matters(world.write(world.freja, "About order 10452"))
    line = world.line("10471")
    answer = ida.post(f"/desk/c/1000/matters/{matter.pk}/", {"policy": "returns", "line": f"line:{line.pk}"})
    assert answer.status_code == 404


def test_an_order_is_taken_by_its_number_and_stays_unproved_if_it_is_somebody_elses(world: World, ida: Client) -> None:
    (matter,) = open_matters(world.write(world.freja, "About my bed", subject="Bed"))
    path = f"/desk/c/1000/matters/{matter.pk}/"
    assert ida.post(path, {"policy": "returns", "order_number": "99999"}).status_code == 404
    ida.post(path, {"policy": "returns", "order_number": "#10471"})
    matter.refresh_from_db()
    assert matter.purchase == world.purchases["10471"]
    assert "Order 10471 was placed by somebody else than the writer." in ida.get("/desk/c/1000/").content.decode()


def test_an_unverified_writer_is_marked_and_can_be_verified(world: World, ida: Client) -> None:
    world.write(None, "Where is order 10452?", identity=Conversation.UNVERIFIED)
    assert "We do not know yet that the writer is the buyer." in ida.get("/desk/c/1000/").content.decode()
    ida.post("/desk/c/1000/identity/", {"how": "two-details"})
    assert Conversation.objects.get().identity == Conversation.VERIFIED


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript"])
def test_a_file_is_never_served_as_a_page(world: World, ida: Client, kind: str) -> None:
    message = world.write(world.freja, "See the file")
    file = Attachment.objects.create(
        message=message, name="evil.html", content_type=kind, size=9, blob=keep_blob(b"<b>hi</b>")
    )
    answer = ida.get(f"/desk/c/1000/file/{file.pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="evil.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == b"<b>hi</b>"


def test_a_file_of_another_conversation_is_not_found(world: World, ida: Client) -> None:
    mine, other = world.write(world.freja, "Mine"), world.write(world.oliver, "Other")
    file = Attachment.objects.create(
        message=other, name="a.txt", content_type="text/plain", size=1, blob=keep_blob(b"a")
    )
    assert ida.get(f"/desk/c/{mine.conversation.number}/file/{file.pk}/").status_code == 404


def test_a_layout_is_shown_sealed(world: World, ida: Client) -> None:
    message = world.write(world.freja, "Hello")
    Message.objects.filter(pk=message.pk).update(html="<p>Hello</p><img src='https://elsewhere.example/x.png'>")
    answer = ida.get(f"/desk/c/1000/message/{message.pk}/page/")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; img-src data:")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_a_customer_writes_is_never_markup(world: World, ida: Client) -> None:
    world.write(world.freja, "<script>alert(1)</script>", subject="<img src=x>")
    page = ida.get("/desk/c/1000/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_a_file_goes_along_with_the_reply(world: World, ida: Client) -> None:
    message = world.write(world.freja, "Could I have the manual?")
    manual = SimpleUploadedFile("manual.pdf", b"%PDF-1.4", content_type="application/pdf")
    ida.post("/desk/c/1000/reply/", {"text": "Here it is.", "seen": message.pk, "files": manual})
    assert [(file.name, file.size) for file in Attachment.objects.all()] == [("manual.pdf", 8)]


def test_a_proposal_shows_who_must_say_yes(world: World, ida: Client) -> None:
    page = ida.get(f"/desk/c/{number_of(too_large(world))}/").content.decode()
    assert "This needs the word of: Manager." in page


def test_advice_follows_when_a_new_version_of_the_book_is_published(world: World, ida: Client) -> None:
    path = f"/desk/c/{number_of(returned(world, '10452', faulty=False))}/"
    after = ida.get(path).context["frame"].seq
    files = {**world.publication.files}
    files["book.yaml"] = files["book.yaml"].replace("Beds, bedding and furniture", "Beds and bedding")
    publish(files, by=world.mette)
    text = ida.get(f"/desk/live/?after={after}&watch=conversation:1000", headers=HTMX).content.decode()
    assert 'id="work" ' in text
    assert 'id="reply"' not in text
