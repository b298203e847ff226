"""The book's own words for the customer, with the names, amounts and days of this case filled in."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from goodword import engine
from goodword.accounts.models import Agent
from goodword.desk.identity import may_show
from goodword.desk.models import Action, Conversation, Matter
from goodword.desk.planning import PlannedAction
from goodword.lib import clock
from goodword.lib.errors import NotFound
from goodword.people.queries import how_to_address
from goodword.policies.queries import current_book, shelf

COURTESY = "courtesy"
# What stands where a product's name would, as long as nobody knows which one is meant: ("order 10452", "purchase").
_UNNAMED = {
    "en": ("order {number}", "purchase"),
    "da": ("ordre {number}", "varen"),
    "id": ("pesanan {number}", "barang"),
    "ms": ("pesanan {number}", "barang"),
    "tr": ("{number} numaralı sipariş", "satın aldığınız ürün"),
}


def spoken_language(conversation: Conversation, wanted: str = "") -> str:
    """The language to write in: `wanted`, else the customer's, if the book speaks it; else the book's first."""
    languages = current_book().languages
    choices = (wanted, conversation.language, languages[0])
    return next(language for language in choices if language in languages)


def say(policy: str, name: str, language: str, values: Mapping[str, Any], day: date | None = None) -> str:
    """A say block of a policy, read in the book that governs it on `day`, filled in. Empty if there is none.

    Empty, too, where a value is missing: half a sentence must never reach a customer.
    """
    code = policy.partition("/")[0]
    book = current_book()
    try:
        book = shelf().book_on(code, day) if day else book
        return engine.say(book, code, name, language, dict(values), day or clock.today(book.time_zone)).strip()
    except (NotFound, engine.NotFound, engine.MissingWords):
        return ""


def courtesy(name: str, language: str, values: Mapping[str, Any]) -> str:
    """One of the words around every letter; empty if the book has none of that name."""
    return say(COURTESY, name, language, values) if COURTESY in current_book().policies else ""


def letter_values(conversation: Conversation, agent: Agent | None, language: str) -> dict[str, Any]:
    """What the desk itself knows and every letter may use. Nothing here is about an order."""
    book = current_book()
    values = {
        "agent_name": agent.name if agent else book.name,
        "company": book.name,
        "today": clock.today(book.time_zone),
        "reply_by": reply_by(conversation),
    }
    name = how_to_address(conversation.person, language)
    return values | ({"customer_name": name} if name else {})


def matter_values(
    matter: Matter,
    agent: Agent | None,
    language: str,
    *,
    known: Mapping[str, Any],
    plan: list[PlannedAction] | None = None,
) -> dict[str, Any]:
    """Everything a say block about this matter may name. `known` holds facts and outputs of the decision.

    Of an order that is not shown to be the writer's, nothing is here but what she said herself.
    """
    values = letter_values(matter.conversation, agent, language)
    values["line_name"] = line_name(matter, language)
    if not may_show(matter):
        return values
    values = {**promised_before(matter), **_with_currency(known, matter), **values, **_days_of(plan or [])}
    return values | ({"order_number": matter.purchase.number} if matter.purchase else {})


def promised_before(matter: Matter) -> dict[str, date]:
    """The days that open actions of the same order already promise: `refund_by`, when she asks where her refund is."""
    if matter.purchase_id is None:
        return {}
    waiting = Action.objects.filter(matter__purchase=matter.purchase_id, state=Action.OPEN).exclude(due_on=None)
    return {f"{action.kind.replace('-', '_')}_by": action.due_on for action in waiting if action.due_on}


def line_name(matter: Matter, language: str) -> str:
    """How the letter calls what it is about: the product, else the order, else just "purchase"."""
    order, purchase = _UNNAMED.get(language, _UNNAMED["en"])
    if not may_show(matter) or matter.purchase is None:
        return purchase
    return matter.line.product.name(language) if matter.line else order.format(number=matter.purchase.number)


def reply_by(conversation: Conversation) -> datetime:
    """By when we say that she will hear: what has been promised, or the end of the next working day's promise."""
    zone = ZoneInfo(current_book().time_zone)
    now = clock.now()
    moment = conversation.due_at if conversation.due_at and conversation.due_at > now else now + timedelta(days=1)
    return moment.astimezone(zone)


def _with_currency(known: Mapping[str, Any], matter: Matter) -> dict[str, Any]:
    """The values that are known, amounts in the currency of the order."""
    book = current_book()
    currency = matter.purchase.currency if matter.purchase else book.currency
    values = {name: value for name, value in known.items() if value is not None}
    for name, value in values.items():
        subject = book.facts.get(name) or book.outputs.get(name)
        if subject and subject.kind == "money" and isinstance(value, int):
            values[name] = engine.Money(value, currency)
    return values


def _days_of(plan: list[PlannedAction]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    due = [action.due_on for action in plan if action.due_on]
    if due:
        values["action_due"] = due[0]
    for action in plan:
        if action.due_on:
            values.setdefault(f"{action.kind.replace('-', '_')}_by", action.due_on)
    return values
