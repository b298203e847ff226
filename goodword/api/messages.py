"""What was said in a conversation: read page by page, answered, noted."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from goodword.api.asked import Id, asked_conversation, conversation_to_change, tag
from goodword.api.conversation_parts import MessageOut, message_out
from goodword.api.paging import Next, Paged, pages_by_id
from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import LARGEST_ID, Body, Text
from goodword.desk.actions.conversations import add_note, reply
from goodword.desk.models import Message
from goodword.desk.queries.conversations import message_in, thread

router = Router(tags=["messages"])


class MessagePage(Schema):
    """The oldest first."""

    messages: list[MessageOut]
    next: Next


class ReplyIn(Body):
    """An answer to the customer, as plain text."""

    text: Text
    last_seen_message: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(
        default=None,
        description="The id of the newest message you have read: refused (409, `stale`) if somebody wrote since.",
    )
    confirm_differences: bool = Field(
        default=False, description="Send it although it says something else than was decided (409, `differs`)."
    )


class NoteIn(Body):
    """A note among ourselves; the customer never sees it."""

    text: Text


@router.get("/conversations/{number}/messages", response=MessagePage, summary="The thread")
def list_messages(request: HttpRequest, number: Id, wanted: Query[Paged]) -> MessagePage:
    """What came in, what went out, and the notes."""
    _agent, conversation = asked_conversation(request, number, "messages:read", "conversations:read")
    shown, following = pages_by_id(thread(conversation), wanted)
    return MessagePage(messages=[message_out(each) for each in shown], next=following)


@router.post("/conversations/{number}/messages", response={201: MessageOut}, summary="Answer the customer")
def answer(request: HttpRequest, response: HttpResponse, number: Id, given: ReplyIn) -> Status[MessageOut]:
    """Queue an answer. It goes out by mail in the name of the key's agent, and counts as telling what was decided."""
    agent, conversation = conversation_to_change(request, number, "messages:write")
    seen = message_in(conversation, given.last_seen_message)
    if given.last_seen_message and seen is None:
        message = "This conversation has no such message."
        wrong = FieldProblem(field="last_seen_message", message=message)
        raise ApiError(422, message, kind="unreadable-request", errors=[wrong])
    sent = reply(
        conversation, given.text, by=agent, seen_message=seen, expect_differences_confirmed=given.confirm_differences
    )
    return _stored(response, sent)


@router.post("/conversations/{number}/notes", response={201: MessageOut}, summary="Write a note")
def note(request: HttpRequest, response: HttpResponse, number: Id, given: NoteIn) -> Status[MessageOut]:
    """Kept in the thread among ourselves."""
    agent, conversation = conversation_to_change(request, number, "messages:write")
    return _stored(response, add_note(conversation, given.text, by=agent))


def _stored(response: HttpResponse, message: Message) -> Status[MessageOut]:
    tag(response, message.conversation)
    return Status(201, message_out(message))
