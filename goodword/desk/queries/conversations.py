"""Reading conversations. Whatever is fetched for an agent passes `visible_to`: list, count and search alike."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import rank_of
from goodword.desk.identity import UNVERIFIED
from goodword.desk.models import Action, Approval, Attachment, Conversation, Draft, Message, Transfer
from goodword.lib.errors import NotFound
from goodword.people.models import Address, Person
from goodword.policies.queries import current_book

VIEWS = ("queue", "mine", "unassigned", "offered", "waiting", "approvals", "closed", "all")


def visible_to(agent: Agent) -> QuerySet[Conversation]:
    """Every conversation `agent` may see: the one permission filter.

    The book's `access` is `all` (the default) or `team`: then her teams', her own, those that no team has yet, and
    those in which her department still has something to do, and those that she or her team has on offer to another
    one. The highest role sees all. A conversation that was merged away is seen by nobody: what was in it is elsewhere.
    """
    rows = Conversation.objects.filter(merged_into=None)
    book = current_book()
    if book.settings.access == "all" or rank_of(agent.role, book) == len(book.roles) - 1:
        return rows
    teams = agent.teams.all()
    work = Action.objects.filter(state=Action.OPEN).filter(
        Q(owner=agent) | Q(department__in=teams.values("department"))
    )
    asked = Q(pk__in=work.values("matter__conversation_id"))
    offered = Transfer.objects.filter(state=Transfer.OFFERED).filter(
        Q(offered_by=agent) | Q(from_team__in=teams.values("pk"))
    )
    mine = Q(team__in=teams.values("pk")) | Q(team=None) | Q(assignee=agent)
    return rows.filter(mine | asked | Q(pk__in=offered.values("conversation_id")))


def where_it_went(conversation: Conversation) -> Conversation:
    """The conversation in which everything of this one is now: itself, or the one it was merged into, and so on."""
    seen = {conversation.pk}
    while conversation.merged_into_id and conversation.merged_into_id not in seen:
        seen.add(conversation.merged_into_id)
        conversation = Conversation.objects.select_related("inbox", "person").get(pk=conversation.merged_into_id)
    return conversation


def number_after_merging(agent: Agent, number: int) -> int | None:
    """The number under which a merged conversation is found now; None if it was not merged or she may not see that."""
    gone = Conversation.objects.filter(number=number).exclude(merged_into=None).first()
    kept = where_it_went(gone) if gone else None
    return kept.number if kept and visible_to(agent).filter(pk=kept.pk).exists() else None


def takes_mail(conversation: Conversation, at: datetime) -> bool:
    """Whether what a customer writes at this moment still belongs into it: one closed for longer than the book's
    `reopen_within` days is not taken up again, a new one begins."""
    book = current_book()
    if conversation.closed_at is None or "reopen_within" not in book.parameters:
        return True
    days = int(book.parameter("reopen_within", at.astimezone(ZoneInfo(book.time_zone)).date()))
    return at <= conversation.closed_at + timedelta(days=days)


def conversation_for(agent: Agent, number: int) -> Conversation:
    """The conversation with this number. Raises NotFound, also where it exists and she may not see it."""
    rows = visible_to(agent).select_related("person", "assignee", "inbox", "team")
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound(_("There is no conversation %(number)s.") % {"number": number})
    return found


def queue_for(agent: Agent, view: str = "queue") -> QuerySet[Conversation]:
    """The conversations of one view, what is due first on top.

    Person, assignee, inbox and team come with each row, so that a list costs one query whatever its length.
    """
    rows = _in_view(visible_to(agent), agent, view).select_related("person", "assignee", "inbox", "team")
    if view in {"closed", "all"}:
        return rows.order_by("-last_message_at", "-id")
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def counts_for(agent: Agent) -> dict[str, int]:
    """How many conversations each view holds, in one query."""
    open_, closed = Q(state=Conversation.OPEN), Q(state=Conversation.CLOSED)
    live, approvals = ~closed, Q(waiting_on="approval")
    return visible_to(agent).aggregate(
        queue=Count("pk", filter=open_),
        mine=Count("pk", filter=live & Q(assignee=agent)),
        unassigned=Count("pk", filter=live & Q(assignee=None)),
        offered=Count("pk", filter=live & Q(pk__in=_offered_to(agent))),
        waiting=Count("pk", filter=Q(state=Conversation.WAITING)),
        approvals=Count("pk", filter=live & (approvals | Q(pk__in=_waiting_for_approval()))),
        closed=Count("pk", filter=closed),
        all=Count("pk"),
    )


def thread(conversation: Conversation) -> QuerySet[Message]:
    """The messages, the oldest first, with author, person and attachments."""
    attachments = Prefetch("attachments", Attachment.objects.order_by("id"))
    return conversation.messages.select_related("author", "person").prefetch_related(attachments)


def earlier_contacts(agent: Agent, person: Person) -> QuerySet[Conversation]:
    """Every conversation with this person that `agent` may see, the newest first."""
    rows = visible_to(agent).filter(person=person).select_related("inbox", "assignee")
    return rows.order_by("-last_message_at", "-id")


def message_in(conversation: Conversation, pk: int | str | None) -> Message | None:
    """The message of this conversation with that id; None if it is no message of it."""
    text = str(pk or "")
    return conversation.messages.filter(pk=int(text)).first() if text.isdecimal() else None


def message_arrived_since(
    conversation: Conversation, message: Message | None, *, besides: Agent | None = None
) -> Message | None:
    """The newest message that a customer, or an agent `besides` this one, wrote after `message`; None if there is none.

    A machine's mail does not count, and without `besides` no agent's does.
    """
    if message is None:
        return None
    by_colleague = Q(direction=Message.OUT) & ~Q(author=besides) if besides else Q(pk=None)
    later = conversation.messages.filter(Q(direction=Message.IN) | by_colleague, automatic=False)
    return later.filter(pk__gt=message.pk).order_by("pk").last()


def draft_of(conversation: Conversation, agent: Agent) -> Draft | None:
    """What this agent has written here and not sent."""
    return conversation.drafts.filter(agent=agent).first()


def reply_address(conversation: Conversation, last: Message | None = None) -> str:
    """Where an answer goes: to an address on record if there is one. Empty if none is known.

    A buyer is answered at her own address whatever the mail asks for: Reply-To is how somebody who borrows her name
    would have the answer sent to himself. Only somebody we have no orders of is answered where she asks. `last`: her
    last message, where the caller has it.
    """
    last = last or conversation.messages.filter(direction=Message.IN, automatic=False).order_by("pk").last()
    written_from, wanted = (last.from_address, last.reply_to) if last else ("", "")
    person = conversation.person
    was_unknown = person is None or (person.just_welcomed and written_from)  # then nothing else is known of her
    on_record = _mail_addresses(person) if person and not was_unknown else []
    if wanted and conversation.identity == UNVERIFIED and not (person and person.purchases.exists()):
        return wanted
    if written_from in on_record or not on_record:
        return written_from or wanted
    return on_record[0]


def _mail_addresses(person: Person) -> list[str]:
    rows = person.addresses.filter(kind=Address.MAIL).order_by(F("bounced_at").asc(nulls_first=True), "id")
    return list(rows.values_list("value", flat=True))


def _in_view(rows: QuerySet[Conversation], agent: Agent, view: str) -> QuerySet[Conversation]:
    live = rows.exclude(state=Conversation.CLOSED)
    if view == "mine":
        return live.filter(assignee=agent)
    if view == "unassigned":
        return live.filter(assignee=None)
    if view == "offered":
        return live.filter(pk__in=_offered_to(agent))
    if view == "approvals":
        return live.filter(Q(waiting_on="approval") | Q(pk__in=_waiting_for_approval()))
    if view == "all":
        return rows
    states = {"waiting": Conversation.WAITING, "closed": Conversation.CLOSED}
    return rows.filter(state=states.get(view, Conversation.OPEN))


def _offered_to(agent: Agent) -> QuerySet[Transfer, int]:
    """What other departments have handed to hers and nobody there has answered."""
    offered = Transfer.objects.filter(state=Transfer.OFFERED, department__in=agent.teams.values("department"))
    return offered.values_list("conversation_id", flat=True)


def _waiting_for_approval() -> QuerySet[Approval, int]:
    waiting = Approval.objects.filter(state=Approval.WAITING)
    return waiting.values_list("decision__matter__conversation_id", flat=True)
