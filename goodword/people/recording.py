"""A customer put on record by a program of the company's own, before she ever wrote."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.lib.errors import Refused
from goodword.people.actions import correct_person, find_or_welcome
from goodword.people.models import Person
from goodword.people.queries import person_by_address


@transaction.atomic
def put_on_record(address: str, *, by: Agent | None, **fields: Any) -> Person:
    """Store a new customer. Raises Refused if the address is somebody's already, Invalid for no address."""
    if person_by_address(address) is not None:
        raise Refused(_("This address belongs to a customer already. Look her up by it, and correct her record."))
    person = find_or_welcome(address, str(fields.get("name", "")), str(fields.get("language", "")), by=by)
    return correct_person(person, by=by, **fields)
