"""Finding customers, and what may be said of and to them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from goodword.lib.errors import NotFound
from goodword.people.models import Address, Person


def normal_address(value: str, kind: str = Address.MAIL) -> str:
    """The one spelling in which an address is kept: a mail address in lower case, a phone number as + and digits."""
    if kind == Address.MAIL:
        return value.strip().lower()
    digits = "".join(sign for sign in value if sign.isdigit())
    return f"+{digits}" if value.strip().startswith("+") else digits


def person_by_address(value: str, kind: str = Address.MAIL) -> Person | None:
    """Whom this address belongs to, whatever its case; None for a stranger."""
    rows = Address.objects.select_related("person").filter(kind=kind, value=normal_address(value, kind))[:1]
    return next((address.person for address in rows), None)


def person_by_id(pk: int) -> Person:
    """The person with this id. Raises NotFound."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise NotFound(_("There is no such customer."))
    return person


def addresses_of(person: Person) -> list[Address]:
    """All her addresses: mail before phone, proved before merely given, the oldest first."""
    addresses = person.addresses.order_by("id")
    return sorted(addresses, key=lambda address: (address.kind != Address.MAIL, address.verified_at is None))


def how_to_address(person: Person | None, language: str) -> str:
    """The name to greet her by: as she wished, else the first name where she permits it, else the full name.

    Empty if no name is known. `language` is there for languages in which a name is turned when it greets; the
    book's own greeting words around it stand in the policy `courtesy`.
    """
    if person is None:
        return ""
    first_name = person.first_name if person.first_name_permitted else ""
    return person.salutation or first_name or person.name


def record_fields(person: Person | None) -> dict[str, Any]:
    """What her record says, by the names a fact's `source` uses; unknown fields are left out.

    Never a protected fact: those stand in a table of their own that no advice reads.
    """
    if person is None or person.erased_at:
        return {}
    fields: dict[str, Any] = {
        "person.since": person.since,
        "person.country": person.country or None,
        "person.first_name_permitted": person.first_name_permitted,
    }
    return {name: value for name, value in fields.items() if value is not None}


def protected_facts_of(person: Person) -> dict[str, Any]:
    """The facts kept apart because they must not sway an outcome: for routing and wording only."""
    return dict(person.protected_facts.values_list("fact", "value"))


def years_known(person: Person, day: date) -> int | None:
    """For how many whole years she has been a customer on `day`; None if that is not known."""
    if person.since is None:
        return None
    had_the_day = (day.month, day.day) >= (person.since.month, person.since.day)
    return max(0, day.year - person.since.year - (0 if had_the_day else 1))
