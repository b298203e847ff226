"""Customers: found by an address or a name, put on record, corrected. Whoever was erased never comes back."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from goodword.api.asked import Id
from goodword.api.conversation_parts import PersonOut, person_out
from goodword.api.keys import caller_with
from goodword.api.paging import Next, Paged, pages_by_id
from goodword.api.values import Body, Day, Language, Line100, Line200, Line254
from goodword.desk.queries.reach import people_visible_to, person_for
from goodword.people.actions import add_address, correct_person, open_record
from goodword.people.models import Address, Person
from goodword.people.queries import addresses_of, normal_address
from goodword.people.recording import put_on_record

router = Router(tags=["people"])
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]
Postcode = Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00-\x1f\x7f]*$")]
Searched = Annotated[str | None, Field(max_length=254)]
Kind = Literal["mail", "phone"]


class PersonPage(Schema):
    """The oldest record first."""

    people: list[PersonOut]
    next: Next


class AddressOut(Schema):
    """Where she can be reached."""

    kind: str
    value: str
    verified_at: datetime | None
    bounced_at: datetime | None


class PersonRecord(PersonOut):
    """The whole record."""

    first_name: str
    salutation: str
    first_name_permitted: bool
    postcode: str
    reached_at: list[AddressOut] = Field(description="All her addresses, mail before phone.")


class Wanted(Paged):
    """Whom to look for; both may be left out."""

    address: Searched = Field(default=None, description="A whole mail address or phone number.")
    name: Searched = Field(default=None, description="Part of her name.")


class PersonChange(Body):
    """What is not named stays."""

    name: Line200 | None = None
    first_name: Line100 | None = None
    salutation: Line200 | None = Field(default=None, description="How she wishes to be addressed.")
    language: Language | Literal[""] | None = None
    country: Country | None = None
    postcode: Postcode | None = None
    since: Day | None = Field(default=None, description="Since when she is a customer.")


class PersonIn(PersonChange):
    """A new customer, known by a mail address."""

    email: Line254


class AddressIn(Body):
    """One more address she is known by. `verified`: it was shown to be hers."""

    value: Line254
    kind: Kind = "mail"
    verified: bool = False


@router.get("/people", response=PersonPage, summary="Find customers")
def list_people(request: HttpRequest, wanted: Query[Wanted]) -> PersonPage:
    """Those the key's agent may know of."""
    agent = caller_with(request, "people:read")
    rows = _found(people_visible_to(agent), wanted).prefetch_related("addresses")
    shown, following = pages_by_id(rows, wanted)
    return PersonPage(people=[person_out(person) for person in shown], next=following)


@router.get("/people/{pk}", response=PersonRecord, summary="One customer")
def read_person(request: HttpRequest, pk: Id) -> PersonRecord:
    """Reading her record is logged, as it is on the desk's own page."""
    agent = caller_with(request, "people:read")
    person = person_for(agent, pk)
    open_record(person, agent, reason="api")
    return _record(person)


@router.post("/people", response={201: PersonRecord}, summary="Put a customer on record")
def create_person(request: HttpRequest, response: HttpResponse, given: PersonIn) -> Status[PersonRecord]:
    """Refused (409) if the address is somebody's already: look her up by it."""
    agent = caller_with(request, "people:write")
    person = put_on_record(given.email, by=agent, **_named(given, besides={"email"}))
    response["Location"] = f"/api/v1/people/{person.pk}"
    return Status(201, _record(person))


@router.patch("/people/{pk}", response=PersonRecord, summary="Correct her record")
def change_person(request: HttpRequest, pk: Id, given: PersonChange) -> PersonRecord:
    """The journal names the fields, never what stood in them."""
    agent = caller_with(request, "people:write")
    return _record(correct_person(person_for(agent, pk), by=agent, **_named(given)))


@router.post("/people/{pk}/addresses", response={201: PersonRecord}, summary="Add an address")
def create_address(request: HttpRequest, pk: Id, given: AddressIn) -> Status[PersonRecord]:
    """Refused (409) if it is somebody else's. Added again, it is still one."""
    agent = caller_with(request, "people:write")
    person = person_for(agent, pk)
    add_address(person, given.value, kind=given.kind, verified=given.verified, by=agent)
    return Status(201, _record(person))


def _named(given: PersonChange, besides: set[str] | None = None) -> dict[str, object]:
    named = given.model_dump(exclude_unset=True, exclude=besides or set())
    # null empties a day, and is no text.
    return {name: "" if value is None and name != "since" else value for name, value in named.items()}


def _found(rows: QuerySet[Person], wanted: Wanted) -> QuerySet[Person]:
    if wanted.address is not None:
        spellings = Address.objects.filter(kind="mail", value=normal_address(wanted.address))
        if digits := normal_address(wanted.address, "phone"):
            spellings = spellings | Address.objects.filter(kind="phone", value=digits)
        rows = rows.filter(pk__in=spellings.values("person"))
    return rows.filter(name__icontains=wanted.name.strip()) if wanted.name else rows


def _record(person: Person) -> PersonRecord:
    person = Person.objects.prefetch_related("addresses").get(pk=person.pk)
    same = ("first_name", "salutation", "first_name_permitted", "postcode")
    return PersonRecord(
        **person_out(person).model_dump(),
        **{name: getattr(person, name) for name in same},
        reached_at=[AddressOut.from_orm(address) for address in addresses_of(person)],
    )
