"""Who works here, and who may do what."""

from dataclasses import dataclass
from datetime import date

import pytest

from goodword.accounts.actions import (
    change_role,
    end_agent,
    invite_agent,
)
from goodword.accounts.api_keys import agent_for_key, end_api_key, make_api_key
from goodword.accounts.models import Agent, ApiKey
from goodword.accounts.queries import agent_by_email, agents_who_may, may_decide, rank_of
from goodword.journal.models import Event
from goodword.lib.errors import Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)


@dataclass(frozen=True)
class Book:
    roles: tuple[str, ...] = ("agent", "team-lead", "manager", "owner")


@pytest.fixture
def ida() -> Agent:
    return Agent.objects.create_user("ida@nordhvile.example", name="Ida Lund", role="agent")


@pytest.fixture
def mette() -> Agent:
    return Agent.objects.create_user("mette@nordhvile.example", name="Mette Krogh", role="manager")


def test_an_agent_is_found_by_her_address_whatever_its_case(ida: Agent) -> None:
    assert agent_by_email(" Ida@Nordhvile.Example ") == ida


def test_an_agent_who_left_is_not_found(ida: Agent, mette: Agent) -> None:
    end_agent(ida, by=mette)
    with pytest.raises(NotFound, match="works here"):
        agent_by_email("ida@nordhvile.example")


@pytest.mark.parametrize(
    ("customers", "hers"), [("da", "da"), ("en", "en"), ("id", "id"), ("ms", "ms"), ("tr", "tr"), ("fr", "en")]
)
def test_she_is_shown_whole_pages_whatever_language_her_customers_speak(customers: str, hers: str) -> None:
    new = invite_agent("siti@nordhvile.example", "Siti", "agent", book=Book(), by=None, language=customers)
    assert new.language == hers


def test_rank_is_the_order_of_the_book() -> None:
    assert [rank_of(role, Book()) for role in ("agent", "owner", "pope")] == [0, 3, -1]


@pytest.mark.parametrize(
    ("needed", "may"), [("", True), ("agent", True), ("manager", True), ("owner", False), ("pope", False)]
)
def test_one_may_decide_what_ones_own_role_or_a_lower_one_may(mette: Agent, needed: str, may: bool) -> None:
    assert may_decide(mette, needed, Book(), day=DAY) is may


def test_a_role_that_the_book_does_not_know_may_nothing_that_needs_one(ida: Agent) -> None:
    ida.role = "intern"
    assert not may_decide(ida, "agent", Book(), day=DAY)


def test_whoever_left_may_nothing(mette: Agent) -> None:
    mette.is_active = False
    assert not may_decide(mette, "", Book(), day=DAY)


def test_those_who_may_are_asked_from_the_lowest_rank_up(ida: Agent, mette: Agent) -> None:
    owner = Agent.objects.create_user("anna@nordhvile.example", name="Anna Ø", role="owner")
    assert agents_who_may("manager", Book()) == [mette, owner]
    assert agents_who_may("pope", Book()) == []


def test_an_invited_agent_cannot_sign_in_before_she_sets_a_password(mette: Agent) -> None:
    agent = invite_agent("Theo@Nordhvile.example", "Theo Bruun", "team-lead", book=Book(), by=mette)
    assert (agent.email, agent.has_usable_password()) == ("theo@nordhvile.example", False)
    event = Event.objects.get(kind="agent.invited")
    assert (event.about, event.actor, event.payload) == (agent.actor, mette.actor, {"role": "team-lead"})


@pytest.mark.parametrize(
    ("email", "name", "role", "field"),
    [
        ("no address", "Theo", "agent", "email"),
        ("ida@nordhvile.example", "Ida again", "agent", "email"),
        ("theo@nordhvile.example", "  ", "agent", "name"),
        ("theo@nordhvile.example", "Theo", "pope", "role"),
    ],
)
def test_an_invitation_that_makes_no_sense_names_its_field(
    ida: Agent, email: str, name: str, role: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        invite_agent(email, name, role, book=Book(), by=None)
    assert refused.value.field == field
    assert Agent.objects.count() == 1


def test_nobody_changes_her_own_role_or_ends_herself(mette: Agent) -> None:
    with pytest.raises(Refused):
        change_role(mette, "owner", book=Book(), by=mette)
    with pytest.raises(Refused):
        end_agent(mette, by=mette)


def test_a_key_opens_the_door_with_its_agents_eyes_and_its_scopes(ida: Agent, mette: Agent) -> None:
    key, secret = make_api_key("shop", ida, ["events:read", "conversations:read"], mette)
    assert agent_for_key(secret) == (ida, ["conversations:read", "events:read"])
    assert secret not in str(ApiKey.objects.values().get())
    assert agent_for_key(secret + "x") is None
    end_api_key(key, by=mette)
    assert agent_for_key(secret) is None


def test_the_keys_of_an_agent_who_left_open_nothing(ida: Agent, mette: Agent) -> None:
    _, secret = make_api_key("shop", ida, ["events:read"], mette)
    end_agent(ida, by=mette)
    assert agent_for_key(secret) is None


def test_a_key_with_an_unknown_scope_or_no_name_is_not_made(ida: Agent) -> None:
    with pytest.raises(Invalid, match="no scope 'everything'"):
        make_api_key("shop", ida, ["everything"], None)
    with pytest.raises(Invalid, match="has a name"):
        make_api_key(" ", ida, [], None)


def test_a_secret_never_stands_in_the_journal(ida: Agent) -> None:
    _, secret = make_api_key("shop", ida, ["events:read"], None)
    assert secret not in str(list(Event.objects.values()))
