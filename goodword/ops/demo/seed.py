"""Making the demo: once, whole or not at all, the same at every start but for the day it is started on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F

from goodword.accounts.actions import invite_agent
from goodword.accounts.models import Agent, Skill, Team
from goodword.desk.models import Inbox
from goodword.lib import clock
from goodword.notifications.models import Notice
from goodword.ops.demo.calendar import DemoCalendar
from goodword.ops.demo.cast import CUSTOMERS, PASSWORD, STAFF, TEAMS, Customer
from goodword.ops.demo.goods import STORIES, Sale, sales_of_the_last_months, sell, stock_products
from goodword.ops.demo.history import Crew, play
from goodword.ops.demo.later import bring_up_to_today
from goodword.ops.demo.letters import KEPT_FREE, Story, stories
from goodword.ops.demo.waiting import let_them_wait
from goodword.ops.starter_book import starter_files
from goodword.people.models import Address, Person
from goodword.policies.actions import publish
from goodword.policies.folder import write_folder
from goodword.policies.models import Publication
from goodword.policies.queries import current_book, current_publication

_OPENED_DAYS_AGO = 250
_ORDERS_BEFORE_THE_STORIES = 60
_FIRST_ORDER, _FIRST_STORY = 10001, 10200

Tell = Callable[[str], None]


def make_demo(tell: Tell) -> None:
    """Fill an empty database with the demo company, and put its book into `demo-book/`; quiet if it is there.

    `tell` is told what is being done, for whoever waits.
    """
    if not Publication.objects.exists():
        with transaction.atomic(), _no_savepoints():
            fill(tell, clock.now().replace(microsecond=0))
    folder = settings.DATA_ROOT / "demo-book"
    if not folder.exists():
        write_folder(current_publication().files, folder)


@contextmanager
def _no_savepoints() -> Iterator[None]:
    """The demo is made whole or not at all, so thousands of savepoints inside it would only cost seconds."""
    features = connection.features
    before, features.uses_savepoints = features.uses_savepoints, False
    try:
        yield
    finally:
        features.uses_savepoints = before


def fill(tell: Tell, now: datetime) -> None:
    """Store the company and its weeks of history as they look at `now`. Meant for an empty database."""
    tell("Checking the policy book")
    with clock.stopped_at(now - timedelta(days=_OPENED_DAYS_AGO)):
        publish(starter_files(), by=None, note="The book we open with")
        agents = _staff()
        inbox = Inbox.objects.create(address=f"hello@{STAFF[0].email.split('@')[1]}", name="Nordhvile", language="da")
    told = stories(_FIRST_STORY)
    tell("Selling beds, lamps and bedding")
    _trade(told, now)
    crew = Crew(agents, DemoCalendar.of(current_book(), now), inbox.address)
    for place, story in enumerate(told):
        tell(f"Some weeks of letters and answers ({place + 1} of {len(told)})")
        play(story, crew.answers(story, place), crew)
    bring_up_to_today(told, now)
    Notice.objects.update(read_at=F("at"))
    tell("The letters of this morning")
    let_them_wait(crew)


def _staff() -> dict[str, Agent]:
    teams = {name: Team.objects.create(name=name, department=department) for name, department in TEAMS.items()}
    agents = {}
    for colleague in STAFF:
        agent = invite_agent(
            colleague.email, colleague.name, colleague.role, book=current_book(), by=None,
            language=colleague.language, teams=[teams[colleague.team]],
        )  # fmt: skip
        agent.skills.set([Skill.objects.get_or_create(code=code)[0] for code in colleague.skills])
        agents[colleague.key] = agent
    # One hash for all: they share the password, and argon2 is slow on purpose.
    Agent.objects.update(password=make_password(PASSWORD))
    return agents


def _trade(told: list[Story], now: datetime) -> None:
    people = _customers(CUSTOMERS, now)
    buyers = [customer.key for customer in CUSTOMERS[KEPT_FREE:]]
    sales: list[Sale] = sales_of_the_last_months(buyers, _ORDERS_BEFORE_THE_STORIES, _FIRST_ORDER)
    sell([*sales, *(story.sale for story in told), *STORIES], people, stock_products())


def _customers(customers: Iterable[Customer], now: datetime) -> dict[str, Person]:
    known = list(customers)
    people = Person.objects.bulk_create(
        Person(
            name=customer.name, first_name=customer.name.split()[0], first_name_permitted=customer.first_name,
            language=customer.language, country=customer.country, since=(now - timedelta(days=400 + 9 * place)).date(),
            made_at=now - timedelta(days=_OPENED_DAYS_AGO),
        )
        for place, customer in enumerate(known)
    )  # fmt: skip
    Address.objects.bulk_create(
        Address(person=person, value=value, verified_at=person.made_at)
        for customer, person in zip(known, people, strict=True)
        for value in customer.addresses
    )
    return {customer.key: person for customer, person in zip(known, people, strict=True)}
