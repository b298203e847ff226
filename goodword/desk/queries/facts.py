"""What is known of a matter, and where each fact comes from.

Records are read when asked and never copied: only what no record gives (a customer's word, an agent's finding) is
kept as a FactValue. What a decision looked at is frozen with it (`actions.decisions`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils.translation import get_language, gettext

from goodword import engine
from goodword.accounts.models import Agent
from goodword.desk.identity import is_verified
from goodword.desk.models import Action, Conversation, FactValue, Matter, Message
from goodword.engine.values import coerce, to_plain
from goodword.engine.vocabulary import Fact
from goodword.lib import clock
from goodword.orders import queries as orders
from goodword.policies.queries import current_book, one_look

RECORD, MESSAGE, STATED, VERIFIED, DERIVED = "record", "message", "stated", "verified", "derived"
CHANNEL_IN_THE_BOOK = {"mail": "email"}


@dataclass(frozen=True)
class KnownFact:
    """A fact with its value as the engine takes it. `source_text` says in the reader's language where it is from."""

    fact: str
    value: Any
    provenance: str
    source: str = ""
    source_text: str = ""
    by: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the API and for what is kept with a decision."""
        return {
            "fact": self.fact,
            "value": to_plain(self.value),
            "provenance": self.provenance,
            "source": self.source,
            "source_text": self.source_text,
        }


@one_look()
def facts_of(matter: Matter, agent: Agent | None = None) -> dict[str, KnownFact]:
    """Everything known of the matter by fact code, the facts of `agent` (role, budget) included where she is given.

    A record outweighs what was said, except where an agent has found it out. A protected fact is here only if a
    clause of the matter's policy says what it uses it for.
    """
    book = current_book()
    fields = record_of(matter, agent)
    found = {code: known for code, fact in book.facts.items() if (known := _from_record(matter, fact, fields))}
    # In the order of codes: each database would give them in one of its own.
    for value in matter.facts.select_related("by").order_by("fact"):
        fact = book.facts.get(value.fact)
        known = _from_person(value, fact) if fact else None
        if known and (known.provenance == VERIFIED or known.fact not in found):
            found[known.fact] = known
    barred = protected_from(matter.policy, book)
    return {code: known for code, known in found.items() if code not in barred}


def values_of(facts: Mapping[str, KnownFact]) -> dict[str, Any]:
    """The bare values, as the engine takes them."""
    return {code: known.value for code, known in facts.items()}


def protected_from(policy: str, book: engine.Book) -> set[str]:
    """The protected facts that no decision of `policy` may see, because no clause of it says why it should."""
    name = policy.partition("/")[0]
    clauses = book.policies[name].clauses.values() if name in book.policies else ()
    published = {fact for clause in clauses for fact in clause.may_use}
    return {code for code, fact in book.facts.items() if fact.protected and code not in published}


def days_of(matter: Matter) -> dict[str, date]:
    """The governing days, in the book's time zone: of purchase, of contact, today. Without an order the day of
    contact stands for the day of purchase."""
    zone = current_book().time_zone
    contact = _day(matter.opened_at, zone)
    bought = matter.purchase.bought_on if matter.purchase else contact
    return {"purchase": bought, "contact": contact, "today": clock.today(zone)}


def record_of(matter: Matter, agent: Agent | None = None) -> dict[str, Any]:
    """What the records say, by the names that a fact's `source` uses; unknown fields are left out."""
    days = days_of(matter)
    conversation = matter.conversation
    fields = orders.record_fields(matter.line or matter.purchase, days["contact"], language=conversation.language)
    buyer = matter.purchase.person if matter.purchase else None
    if buyer is None:
        fields |= orders.person_fields(conversation.person, days["contact"])
    fields |= {"person.verified": is_verified(conversation), "today": days["today"]}
    fields |= _message_fields(matter, days["contact"])
    return fields | (_agent_fields(agent) if agent else {})


def frozen_record(matter: Matter, agent: Agent | None) -> dict[str, Any]:
    """The record fields that the vocabulary reads, as plain values: kept beside a decision, apart from the person."""
    read = {fact.source for fact in current_book().facts.values()}
    return {name: to_plain(value) for name, value in record_of(matter, agent).items() if name in read}


def goodwill_left(agent: Agent, book: engine.Book) -> int | None:
    """What is left of her goodwill budget this month, in the currency's smallest unit; None if the book gives none."""
    name = f"goodwill_budget_{agent.role.replace('-', '_')}"
    if name not in book.parameters:
        return None
    today = clock.today(book.time_zone)
    spent = Action.objects.filter(kind="goodwill", decision__by=agent).exclude(state=Action.CANCELLED)
    month = spent.filter(made_at__gte=datetime(today.year, today.month, 1, tzinfo=ZoneInfo(book.time_zone)))
    given = month.aggregate(total=Sum("amount_cents"))["total"] or 0
    return max(0, int(book.parameter(name, today)) - given)


def _message_fields(matter: Matter, contact_day: date) -> dict[str, Any]:
    conversation = matter.conversation
    last = conversation.messages.filter(direction=Message.IN).last()
    fields: dict[str, Any] = {"message.received_on": contact_day, "message.language": conversation.language}
    if last:
        fields["message.channel"] = CHANNEL_IN_THE_BOOK.get(last.channel, last.channel)
    waiting = first_unanswered(conversation)
    fields["contact.waited_minutes"] = waited_minutes(waiting) if waiting else 0
    return fields


def first_unanswered(conversation: Conversation) -> Message | None:
    """The customer's earliest message that no person has answered yet; of one without a time nobody can say so."""
    answers = conversation.messages.filter(direction=Message.OUT, automatic=False)
    answered = answers.order_by("-at").values_list("at", flat=True).first()
    written = conversation.messages.filter(direction=Message.IN, at_is_known=True)
    return (written.filter(at__gt=answered) if answered else written).first()


def waited_minutes(message: Message) -> int:
    """How many minutes of the book's hours for this channel have gone by since the customer wrote."""
    channel = CHANNEL_IN_THE_BOOK.get(message.channel, message.channel)
    hours = engine.hours.WorkingHours.from_book(current_book(), channel)
    return engine.hours.working_minutes_between(message.at, clock.now(), hours)


def _agent_fields(agent: Agent) -> dict[str, Any]:
    left = goodwill_left(agent, current_book())
    return {"agent.role": agent.role} | ({} if left is None else {"agent.budget_left": left})


def _from_record(matter: Matter, fact: Fact, fields: Mapping[str, Any]) -> KnownFact | None:
    if fact.formula is not None or fact.source not in fields:
        return None
    value = _fitting(fact, fields[fact.source])
    if value is None:
        return None
    if fact.kind == "money" and matter.purchase and not fact.source.startswith("agent."):
        value = engine.Money(value, matter.purchase.currency)
    provenance = MESSAGE if fact.source.startswith(("message.", "contact.")) else RECORD
    return KnownFact(fact.code, value, provenance, fact.source, _source_text(matter, fact.source))


def _from_person(value: FactValue, fact: Fact) -> KnownFact | None:
    fitting = _fitting(fact, value.value)
    if fitting is None or (fact.verified and value.provenance != FactValue.VERIFIED):
        return None
    who = value.by.name if value.by else ""
    if value.provenance == FactValue.VERIFIED:
        text = gettext("found out by %(who)s") % {"who": who} if who else gettext("found out by us")
    else:
        text = gettext("said by the customer")
    return KnownFact(fact.code, fitting, value.provenance, "ask", text, who)


def _fitting(fact: Fact, raw: Any) -> Any:
    # A record may hold a word that a newer book no longer knows (a category, a state): then the fact is unknown,
    # and unknown asks.
    try:
        return coerce(fact.kind, raw, fact.values or None)
    except ValueError:
        return None


def _source_text(matter: Matter, source: str) -> str:
    """Where a record's word is from, for the agent: "order 10452", "the customer's mail of 3 November"."""
    room = source.partition(".")[0]
    number = matter.purchase.number if matter.purchase else ""
    if room in {"line", "order", "delivery"} and number:
        return gettext("order %(number)s") % {"number": number}
    if room == "message":
        day = engine.format_date(days_of(matter)["contact"], get_language() or "en")
        return gettext("the customer's message of %(day)s") % {"day": day}
    texts = {
        "person": gettext("the customer's record"),
        "agent": gettext("your own record"),
        "contact": gettext("the time since the customer wrote"),
        "today": gettext("the calendar"),
    }
    return texts.get(room, source)


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
