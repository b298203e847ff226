"""What of people, orders and inboxes an agent may reach beside her conversations, and how far one of these is."""

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.models import Conversation, Inbox, Matter
from goodword.desk.queries.conversations import visible_to
from goodword.journal.models import Event
from goodword.lib.errors import NotFound
from goodword.orders.models import Purchase
from goodword.people.models import Person
from goodword.policies.queries import current_book


def people_visible_to(agent: Agent) -> QuerySet[Person]:
    """Customers she may know of: all of them, or, where the book's `access` is `team`, those of conversations she may
    see and those who have none. Whoever was erased never comes back."""
    people = Person.objects.filter(erased_at=None, merged_into=None)
    if current_book().settings.access == "all":
        return people
    return people.filter(Q(conversations=None) | Q(pk__in=visible_to(agent).values("person"))).distinct()


def person_for(agent: Agent, pk: int) -> Person:
    """One customer. Raises NotFound, also where she exists and `agent` may not know of her."""
    found = people_visible_to(agent).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no customer %(number)s.") % {"number": pk})
    return found


def purchases_visible_to(agent: Agent) -> QuerySet[Purchase]:
    """Orders of customers she may know of, and of nobody: with lines, products and deliveries at hand."""
    rows = Purchase.objects.select_related("person").prefetch_related("lines__product", "lines__delivery", "deliveries")
    if current_book().settings.access == "all":
        return rows
    return rows.filter(Q(person=None) | Q(person__in=people_visible_to(agent).values("pk")))


def purchase_for(agent: Agent, number: str) -> Purchase:
    """One order. Raises NotFound, also where it exists and `agent` may not see it."""
    found = purchases_visible_to(agent).filter(number__iexact=number.strip()).first()
    if found is None:
        raise NotFound(_("There is no order with this number."))
    return found


def matter_of(conversation: Conversation, pk: int) -> Matter:
    """A matter of this conversation. Raises NotFound."""
    rows = conversation.matters.select_related("purchase", "line__product").prefetch_related(
        "decisions__approvals__asked_by", "decisions__approvals__answered_by", "decisions__by", "actions"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This conversation has no such matter."))
    found.conversation = conversation
    return found


def inbox_at(address: str) -> Inbox:
    """The inbox with this address. Raises NotFound."""
    found = Inbox.objects.filter(address__iexact=address.strip()).first()
    if found is None:
        raise NotFound(_("There is no inbox with this address."))
    return found


def revision_of(conversation: Conversation, *, hold: bool = False) -> int:
    """A number that grows with whatever happens to it. `hold`: nobody else changes it until the transaction ends."""
    if hold:
        Conversation.objects.select_for_update(of=("self",)).filter(pk=conversation.pk).first()
    return int(Event.objects.filter(about=conversation.about).aggregate(last=Max("id"))["last"] or 0)
