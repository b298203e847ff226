"""Who a conversation may really belong to: whom its letters, addresses and orders speak of."""

from django.utils.translation import gettext as _

from goodword.desk.models import Conversation, Message
from goodword.lib.errors import Invalid, NotFound
from goodword.orders.queries import numbers_in, purchase_by_number
from goodword.people.models import Person
from goodword.people.queries import person_by_address

MOST = 4


def likely_customers(conversation: Conversation) -> list[Person]:
    """Buyers of the orders that are spoken of, and owners of the addresses that take part; not the one it has now."""
    letters = conversation.messages.filter(direction=Message.IN)
    rows = list(letters.values_list("subject", "text", "from_address", "reply_to", "cc_addresses"))
    found: list[Person] = []
    buyers = conversation.matters.exclude(purchase__person=None).select_related("purchase__person")
    found += [matter.purchase.person for matter in buyers if matter.purchase and matter.purchase.person]
    numbers = numbers_in("\n".join(f"{subject}\n{text}" for subject, text, *_rest in rows))
    found += list(Person.objects.filter(purchases__number__in=numbers))
    addresses = {value for *_rest, sender, reply_to, copies in rows for value in (sender, reply_to, *copies) if value}
    found += list(Person.objects.filter(addresses__value__in=[value.lower() for value in addresses]))
    others = {person.pk: person for person in found if person.pk != conversation.person_id}
    return [person for person in others.values() if person.erased_at is None and person.merged_into_id is None][:MOST]


def person_named(text: str) -> Person:
    """Who has this mail address, or bought this order. Raises Invalid for an empty text, NotFound for nobody."""
    text = text.strip()
    if not text:
        raise Invalid(_("Give a mail address or an order number."), field="who")
    if "@" in text:
        person = person_by_address(text)
        if person is None:
            raise NotFound(_("Nobody on record has this address."))
        return person
    person = purchase_by_number(text).person
    if person is None:
        raise NotFound(_("The buyer of this order is not on record."))
    return person
