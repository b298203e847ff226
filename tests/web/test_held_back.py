"""What the page shows when an answer is held back, and when a form is posted twice."""

from django.test import Client

from goodword.desk.actions.conversations import reply
from goodword.desk.models import Message
from goodword.desk.sending_check import Difference
from goodword.web.shown.differences import marked
from tests.world import World


def test_a_difference_in_the_first_sentence_is_shown_from_its_first_letter() -> None:
    text = "We will refund you 900.00 kr."
    (shown,) = marked(text, [Difference("outcome", "refund", "", 8, 14, text)])
    assert (shown.before, shown.found, shown.after) == ("We will ", "refund", " you 900.00 kr.")


def test_a_difference_later_is_shown_from_the_beginning_of_its_sentence() -> None:
    text = "Hello. We will refund you 900.00 kr. Bye."
    (shown,) = marked(text, [Difference("outcome", "refund", "", 15, 21, text)])
    assert shown.before == "We will "


def test_a_reply_form_posted_twice_sends_one_mail(world: World, ida: Client) -> None:
    letter = world.write(world.freja, "Hello")
    form = {"text": "Good day!", "seen": letter.pk}
    for _posted in range(2):
        assert ida.post(f"/desk/c/{letter.conversation.number}/reply/", form).status_code == 302
    assert Message.objects.filter(direction=Message.OUT).count() == 1


def test_a_colleagues_answer_stops_hers_and_is_shown(world: World, ida: Client) -> None:
    letter = world.write(world.freja, "Hello")
    reply(letter.conversation, "Mette was quicker.", by=world.mette, seen_message=letter.pk)
    held = ida.post(f"/desk/c/{letter.conversation.number}/reply/", {"text": "Hello to you.", "seen": letter.pk})
    page = held.content.decode()
    assert held.status_code == 409
    assert "Not sent: a colleague answered while you were writing." in page
    assert "Mette was quicker." in page
