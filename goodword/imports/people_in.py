"""Whom the lines of a batch speak of: customers and colleagues, found or made, each with as few queries as one."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from goodword.accounts.models import Agent
from goodword.imports.format import HistoryAgent, HistoryConversation, HistoryPerson
from goodword.imports.models import ImportedPerson
from goodword.imports.reading import Line, digest_of
from goodword.journal.bulk import record_all
from goodword.lib import clock
from goodword.people.models import Address, Person
from goodword.people.queries import normal_address

Key = tuple[str, str]
"""("id", digest), ("mail", address) or ("phone", number)."""

# Nobody can write to it: RFC 2606 reserves the ending.
NOWHERE = "agents.invalid"


@dataclass
class People:
    """Everybody of a batch by every key they are known by; `erased` are those who must not come back."""

    persons: dict[Key, Person] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    erased: set[Key] = field(default_factory=set)
    persons_made: int = 0
    agents_made: int = 0

    def person(self, source: str, said: HistoryPerson | None) -> Person | None:
        """The customer somebody in a line is; None where the line does not say who she is."""
        keys = _keys_of(source, said) if said else []
        return next((self.persons[key] for key in keys if key in self.persons), None)

    def agent(self, source: str, said: HistoryAgent | None) -> Agent | None:
        """The colleague somebody in a line is."""
        return self.agents[_address_of(source, said)] if said else None


def agents_of(conversation: HistoryConversation) -> Iterator[HistoryAgent]:
    """Every colleague a conversation names."""
    named = [conversation.assignee, *(each.agent for each in conversation.messages)]
    yield from (agent for agent in named if agent)


def persons_of(conversation: HistoryConversation) -> Iterator[HistoryPerson]:
    """Every customer a conversation names, the one it belongs to first."""
    named = [conversation.person, *(each.person for each in conversation.messages)]
    yield from (person for person in named if person)


def find_erased(lines: Iterable[Line]) -> set[int]:
    """The numbers of the lines that speak of a customer who was erased here: they are not brought in."""
    keys = {
        digest_of(line.conversation.source, person.id): line.number
        for line in lines
        for person in persons_of(line.conversation)
        if person.id
    }
    gone = ImportedPerson.objects.filter(digest__in=keys, person__erased_at__isnull=False)
    erased = set(gone.values_list("digest", flat=True))
    return {
        line.number
        for line in lines
        for person in persons_of(line.conversation)
        if person.id and digest_of(line.conversation.source, person.id) in erased
    }


def gather_people(lines: list[Line], *, role: str) -> People:
    """Find or make everybody the lines name. Must run inside a transaction.

    A customer's known name is never replaced. An agent nobody here knows is made inactive, with `role` and no
    password: a name on her answers, and nothing she could sign in with.
    """
    people = People()
    _find_persons(lines, people)
    _make_persons(lines, people)
    _gather_agents(lines, people, role)
    return people


def _keys_of(source: str, said: HistoryPerson) -> list[Key]:
    keys = [("id", digest_of(source, said.id))] if said.id else []
    keys += [(Address.MAIL, normal_address(mail)) for mail in said.mails]
    keys += [(Address.PHONE, normal_address(phone, Address.PHONE)) for phone in said.phones]
    # A number without a digit is no number: it would make one person of all who gave none.
    return [(kind, value) for kind, value in keys if value.strip("+")]


def _find_persons(lines: list[Line], people: People) -> None:
    keys = {key for line in lines for said in persons_of(line.conversation) for key in _keys_of(_source(line), said)}
    digests = [value for kind, value in keys if kind == "id"]
    for row in ImportedPerson.objects.filter(digest__in=digests).select_related("person"):
        people.persons["id", row.digest] = row.person
    values = [value for kind, value in keys if kind != "id"]
    for address in Address.objects.filter(value__in=values).select_related("person"):
        people.persons[address.kind, address.value] = address.person


def _make_persons(lines: list[Line], people: People) -> None:
    new: list[Person] = []
    addresses: list[Address] = []
    names: dict[str, ImportedPerson] = {}
    now = clock.now()
    for line in lines:
        for said in persons_of(line.conversation):
            keys = _keys_of(_source(line), said)
            person = people.person(_source(line), said)
            if person is None and keys:
                person = Person(
                    name=" ".join(said.name.split()), language=said.language, country=said.country.upper(), made_at=now
                )
                new.append(person)
            for kind, value in keys:
                if person is None or (kind, value) in people.persons:
                    continue
                people.persons[kind, value] = person
                if kind == "id":
                    names[value] = ImportedPerson(person=person, source=_source(line), key=said.id, digest=value)
                else:
                    addresses.append(Address(person=person, kind=kind, value=value))
    Person.objects.bulk_create(new)
    Address.objects.bulk_create(addresses)
    ImportedPerson.objects.bulk_create(names.values())
    record_all("person.welcomed", [f"person:{person.pk}" for person in new], by="system")
    people.persons_made = len(new)


def _gather_agents(lines: list[Line], people: People, role: str) -> None:
    named = {
        _address_of(_source(line), said): said for line in lines for said in agents_of(line.conversation)
    }  # the last spelling of a name wins; all of one address are one agent
    people.agents = {agent.email: agent for agent in Agent.objects.filter(email__in=named)}
    new = [_stranger(address, said, role) for address, said in named.items() if address not in people.agents]
    Agent.objects.bulk_create(new)
    people.agents |= {agent.email: agent for agent in new}
    record_all("agent.imported", [agent.actor for agent in new], by="system")
    people.agents_made = len(new)


def _stranger(address: str, said: HistoryAgent, role: str) -> Agent:
    agent = Agent(email=address, name=said.name or said.mail or f"Agent {said.id[:8]}", role=role, is_active=False)
    agent.set_unusable_password()
    return agent


def _address_of(source: str, said: HistoryAgent) -> str:
    if said.mail:
        return said.mail.strip().lower()
    named = hashlib.sha256(f"{source}\0{said.id or said.name}".encode()).hexdigest()[:16]
    return f"{named}@{NOWHERE}"


def _source(line: Line) -> str:
    return line.conversation.source
