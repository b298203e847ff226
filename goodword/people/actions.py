"""Welcoming, correcting and erasing customers, and the one gate to a customer's record."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.accounts.queries import RankedBook, actor_of, is_among_the_highest
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Invalid, Refused
from goodword.people.erasing import run_erasers
from goodword.people.models import Address, Person, ProtectedFact, RecordReading
from goodword.people.queries import normal_address, person_by_address

_CORRECTABLE = ("name", "first_name", "salutation", "language", "country", "postcode", "since", "retention")


def about(person: Person) -> str:
    """How the journal names her."""
    return f"person:{person.pk}"


def find_or_welcome(
    address: str, name: str = "", language: str = "", *, by: Agent | None = None, is_unknown: bool = False
) -> Person:
    """Whom this mail address belongs to, or a new person with it. Safe when two mails arrive at once.

    A name she is known by is never replaced: a From header proves nothing. `is_unknown`: the caller has just looked.
    Raises Invalid for no address.
    """
    value = _mail_address(address)
    known = None if is_unknown else person_by_address(value)
    if known:
        return known
    try:
        with transaction.atomic():
            return _welcome(value, name, language, by)
    except IntegrityError:
        found = person_by_address(value)
        if found is None:
            raise
        return found


@transaction.atomic
def welcome(name: str, address: str = "", language: str = "", *, by: Agent | None) -> Person:
    """Keep a new customer whom an agent names, with or without an address.

    Raises Invalid for an empty name or an address that is none; Refused where the address is somebody else's.
    """
    if not name.strip():
        raise Invalid(_("Write the customer's name."), field="name")
    if not address.strip():
        person = Person.objects.create(
            name=" ".join(name.split())[:200], language=language[:10], since=None, made_at=clock.now()
        )
        record("person.welcomed", about(person), by=actor_of(by))
        return person
    value = _mail_address(address)
    if person_by_address(value):
        raise Refused(_("This address belongs to another customer. Choose that customer instead."))
    return _welcome(value, name, language, by)


@transaction.atomic
def open_record(person: Person, agent: Agent, reason: str) -> Person:
    """The one gate to a customer's record: notes who looked and why, once per agent, person and day (UTC)."""
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if not RecordReading.objects.filter(person=person, agent=agent, at__gte=midnight).exists():
        reading = RecordReading.objects.create(person=person, agent=agent, at=now, reason=reason[:60])
        record("record.opened", about(person), by=agent.actor, reading=reading.pk)
    return person


@transaction.atomic
def permit_first_name(person: Person, *, permitted: bool = True, by: Agent | None) -> Person:
    """Note that she said yes (or no) to being called by her first name."""
    person.first_name_permitted = permitted
    person.save(update_fields=["first_name_permitted"])
    record("person.first_name_permitted", about(person), by=actor_of(by), permitted=permitted)
    return person


@transaction.atomic
def add_address(
    person: Person, value: str, *, kind: str = Address.MAIL, verified: bool = False, by: Agent | None
) -> Address:
    """Let her be known by one more address. Raises Invalid; Refused if it belongs to somebody else."""
    value = _mail_address(value) if kind == Address.MAIL else normal_address(value, kind)
    if not value:
        raise Invalid("The address is empty.", field="address")
    found = Address.objects.filter(kind=kind, value=value).first()
    if found and found.person_id != person.pk:
        raise Refused("This address belongs to another customer. Ask which of the two it is before changing it.")
    address = found or Address.objects.create(person=person, kind=kind, value=value)
    if verified and address.verified_at is None:
        address.verified_at = clock.now()
        address.save(update_fields=["verified_at"])
    if found is None:
        record("person.address_added", about(person), by=actor_of(by), address=address.pk, of=kind)
    return address


@transaction.atomic
def mark_bounced(value: str) -> Address | None:
    """Note that mail to this address came back; None if nobody here has it."""
    address = Address.objects.filter(kind=Address.MAIL, value=normal_address(value)).first()
    if address:
        address.bounced_at = clock.now()
        address.save(update_fields=["bounced_at"])
        record("person.address_bounced", f"person:{address.person_id}", by="system", address=address.pk)
    return address


@transaction.atomic
def correct_person(person: Person, *, by: Agent | None, **fields: Any) -> Person:
    """Put her record right; the journal names the fields, never their values. Raises Invalid for another field."""
    unknown = [name for name in fields if name not in _CORRECTABLE]
    if unknown:
        raise Invalid(f"{unknown[0]!r} cannot be corrected here. It is one of: {', '.join(_CORRECTABLE)}.")
    if not isinstance(fields.get("since"), date | None):
        raise Invalid("The day since when she is a customer must be a date.", field="since")
    changed = [name for name, value in fields.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, fields[name])
    if changed:
        person.save(update_fields=changed)
        record("person.corrected", about(person), by=actor_of(by), fields=sorted(changed))
    return person


@transaction.atomic
def protect_fact(person: Person, fact: str, value: Any, *, by: Agent | None) -> ProtectedFact:
    """Keep a fact the book marks as protected in its own table, out of reach of any decision."""
    kept, _created = ProtectedFact.objects.update_or_create(
        person=person, fact=fact, defaults={"value": value, "recorded_at": clock.now()}
    )
    record("person.fact_protected", about(person), by=actor_of(by), fact=fact)
    return kept


@transaction.atomic
def set_legal_hold(person: Person, *, held: bool, book: RankedBook, by: Agent) -> Person:
    """Forbid (or allow again) that anything of hers is erased, because a dispute or an authority needs it.

    Raises Refused for anybody but the two highest roles.
    """
    _require_authority(by, book)
    person.legal_hold = held
    person.save(update_fields=["legal_hold"])
    record("person.held" if held else "person.hold_ended", about(person), by=by.actor)
    return person


@transaction.atomic
def erase_person(person: Person, *, book: RankedBook, by: Agent | None) -> Person:
    """Erase everything personal of hers in every room; what was decided stays, without her, and can be replayed.

    An empty row remains, so that counts and links hold. `by` is None for whoever runs the machine. Raises Refused for
    anybody else but the two highest roles, and under legal hold; then nothing is erased.
    """
    if by is not None:
        _require_authority(by, book)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.legal_hold:
        raise Refused(_("This customer's record is under legal hold. Nothing may be erased until the hold is ended."))
    run_erasers(person)
    person.addresses.all().delete()
    person.protected_facts.all().delete()
    for record_of_hers in (person, *person.merged_from.all()):
        _blank(record_of_hers)
    record("person.erased", about(person), by=actor_of(by))
    return person


def _blank(person: Person) -> None:
    for name in ("name", "first_name", "salutation", "language", "country", "postcode"):
        setattr(person, name, "")
    person.since, person.first_name_permitted, person.erased_at = None, False, clock.now()
    person.save()


def _require_authority(agent: Agent, book: RankedBook) -> None:
    if not is_among_the_highest(agent, book):
        raise Refused(_("Only a manager may erase a customer or put her under legal hold. Ask one of them."))


def _welcome(address: str, name: str, language: str, by: Agent | None) -> Person:
    now = clock.now()
    person = Person.objects.create(name=" ".join(name.split())[:200], language=language[:10], since=None, made_at=now)
    person.just_welcomed = True
    Address.objects.create(person=person, value=address)
    record("person.welcomed", about(person), by=actor_of(by))
    return person


def _mail_address(value: str) -> str:
    address = normal_address(value)
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid("This is not a mail address.", field="address") from None
    if len(address) > 254:
        raise Invalid("This mail address is longer than any mail server takes.", field="address")
    return address
