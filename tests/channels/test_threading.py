"""An answer finds its conversation; a stranger never does by a number."""

from goodword.channels.threading import subject_tag, without_tags
from goodword.channels.tokens import (
    conversation_in_address,
    conversation_in_mail_id,
    new_mail_id,
    reply_to_address,
    without_tag,
)
from goodword.desk.actions.conversations import reply
from goodword.desk.models import Conversation
from goodword.journal.models import Event
from tests.channels.post import INBOX, filed, letter
from tests.world import World


def opened(**more: str) -> Conversation:
    return filed(letter(mail_id="first@holm.example", **more)).conversation


def test_by_what_it_answers(world: World) -> None:
    conversation = opened()
    assert filed(letter("a", mail_id="a@x", in_reply_to="<first@holm.example>")).conversation == conversation


def test_by_several_ids_in_one_header(world: World) -> None:
    conversation = opened()
    again = letter("a", mail_id="a@x", in_reply_to="<unknown@x.example> <first@holm.example>")
    assert filed(again).conversation == conversation


def test_by_any_of_its_references(world: World) -> None:
    conversation = opened()
    references = "<nobody@x.example>\n <first@holm.example>\n <else@x.example>"
    assert filed(b"References: " + references.encode() + b"\n" + letter("a").as_bytes()).conversation == conversation


def test_what_is_answered_comes_before_what_is_referred_to(world: World) -> None:
    opened()
    other = filed(letter("Noget andet", mail_id="other@holm.example")).conversation
    both = letter("a", mail_id="a@x", in_reply_to="<other@holm.example>", references="<first@holm.example>")
    assert filed(both).conversation == other


def test_by_our_token_where_the_message_itself_is_unknown(world: World) -> None:
    conversation = opened()
    forgotten = new_mail_id(conversation.pk, INBOX)
    assert filed(letter("a", mail_id="a@x", in_reply_to=f"<{forgotten}>")).conversation == conversation


def test_by_the_reply_to_address_alone(world: World) -> None:
    conversation = opened()
    to = reply_to_address(conversation.pk, INBOX)
    assert filed(letter("a", mail_id="a@x", to=to), to=to).conversation == conversation
    assert filed(letter("b", mail_id="b@x"), to=to).conversation == conversation


def test_by_the_number_in_the_subject_if_she_takes_part(world: World) -> None:
    conversation = opened()
    subject = f"SV: Min lampe {subject_tag(conversation.number)}"
    assert filed(letter("a", mail_id="a@x", subject=subject)).conversation == conversation
    other_address = letter("b", mail_id="b@x", subject=subject, sender="fh@arbejde.example")
    assert filed(other_address).conversation == conversation


def test_a_stranger_is_never_joined_by_a_number(world: World) -> None:
    conversation = opened()
    subject = f"Re: Min lampe {subject_tag(conversation.number)}"
    stranger = filed(letter("Send it to me", mail_id="s@x", subject=subject, sender="m@post.example"))
    assert stranger.conversation != conversation
    assert conversation.messages.filter(direction="in").count() == 1


def test_nobody_can_make_up_a_token(world: World) -> None:
    conversation = opened()
    for made_up in (
        f"hello+c{conversation.pk}-{'0' * 20}@nordhvile.example",
        f"hello+c{conversation.pk}@nordhvile.example",
    ):
        assert filed(letter("a", sender="m@post.example", to=made_up), to=made_up).conversation != conversation
    assert conversation_in_mail_id(f"c{conversation.pk}.{'0' * 16}.{'0' * 20}@nordhvile.example") is None


def test_somebody_else_answering_with_the_token_is_heard_and_shown_nothing(world: World) -> None:
    conversation = opened()
    assert conversation.identity == Conversation.KNOWN
    answer = reply(conversation, "Kære Freja", by=world.ida)
    other = filed(letter("I am her husband", sender="h@post.example", in_reply_to=f"<{answer.mail_id}>"))
    assert other.conversation == conversation
    assert other.conversation.identity == Conversation.UNVERIFIED
    assert other.person != world.freja


def test_what_a_letter_from_elsewhere_took_comes_back_when_she_writes_herself(world: World) -> None:
    conversation = filed(letter(mail_id="first@post.example")).conversation
    filed(letter("It is me, from work.\n", sender="thief@post.example", in_reply_to="<first@post.example>"))
    conversation.refresh_from_db()
    assert conversation.identity == Conversation.UNVERIFIED
    filed(letter("Hej igen.\n", in_reply_to="<first@post.example>", mail_id="third@post.example"))
    conversation.refresh_from_db()
    assert conversation.identity == Conversation.KNOWN
    kinds = Event.objects.filter(about=conversation.about, kind__startswith="identity.").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["identity.lost", "identity.restored"]


def test_her_own_letter_with_its_answer_wanted_elsewhere_brings_nothing_back(world: World) -> None:
    conversation = filed(letter(mail_id="first@post.example")).conversation
    filed(letter("Hej.\n", in_reply_to="<first@post.example>", reply_to="thief@post.example", mail_id="2@post.example"))
    filed(letter("Hej.\n", in_reply_to="<first@post.example>", reply_to="thief@post.example", mail_id="3@post.example"))
    conversation.refresh_from_db()
    assert conversation.identity == Conversation.UNVERIFIED


def test_a_token_survives_a_server_that_changes_case(world: World) -> None:
    address = reply_to_address(42, INBOX)
    assert conversation_in_address(address.upper()) == 42
    assert without_tag(address.upper()) == INBOX
    assert conversation_in_mail_id(new_mail_id(42, INBOX).upper()) == 42


def test_the_subject_is_kept_as_the_customer_wrote_it() -> None:
    assert without_tags("Re: SV: [#1001] Re: Min lampe [#1001]") == "Min lampe"
    assert without_tags("Ynt: Bls: Fwd: x") == "x"
    assert without_tags("Regarding: my bed") == "Regarding: my bed"
