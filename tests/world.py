"""The one shared world: Nordhvile, a shop for good nights, with its people, goods, orders and book.

Every number here is chosen to stand on one side of a boundary of the starter book; the comment says which.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from goodword import packs
from goodword.accounts.models import Agent, Team
from goodword.desk.models import Contact, Conversation, Inbox, Message
from goodword.lib import clock
from goodword.orders.models import Delivery, Product, Purchase, PurchaseLine
from goodword.people.models import Address, Person
from goodword.policies.actions import publish
from goodword.policies.models import Publication

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)
SHOP = Path(packs.__path__[0]) / "shop"
PASSWORD = "a word for the night"

PRODUCTS = {
    "lamp": ("LAMP-1", {"en": "Moon table lamp", "da": "Bordlampe Måne"}, "general", {}),
    "topper": ("TOPPER-1", {"en": "Cloud mattress topper", "da": "Topmadras Sky"}, "hygiene", {"sealed": True}),
    "bed": ("BED-1", {"en": "Fjord continental bed", "da": "Kontinentalseng Fjord"}, "furniture", {}),
    "headboard": (
        "HEAD-1",
        {"en": "Harbour headboard", "da": "Sengegavl Havn"},
        "furniture",
        {"made_to_measure": True},
    ),
    "duvet": ("DUVET-1", {"en": "Winter duvet", "da": "Vinterdyne"}, "general", {}),
}


@dataclass
class World:
    """Everybody and everything, by name. `write` lets a customer write a mail."""

    ida: Agent
    theo: Agent
    mette: Agent
    freja: Person
    oliver: Person
    karen: Person
    inbox: Inbox
    publication: Publication
    products: dict[str, Product] = field(default_factory=dict)
    purchases: dict[str, Purchase] = field(default_factory=dict)

    def line(self, number: str) -> PurchaseLine:
        """The first line of an order."""
        return self.purchases[number].lines.get()

    def write(
        self,
        person: Person | None,
        text: str,
        *,
        subject: str = "",
        language: str = "",
        identity: str = Conversation.KNOWN,
        at: datetime | None = None,
    ) -> Message:
        """A mail from `person` opens a conversation. None: somebody who writes from an address nobody knows."""
        at = at or clock.now()
        language = language or (person.language if person else "en")
        number = 1000 + Conversation.objects.count()
        conversation = Conversation.objects.create(
            number=number, inbox=self.inbox, person=person, subject=subject, language=language,
            identity=identity, opened_at=at, last_message_at=at,
        )  # fmt: skip
        return self.write_again(conversation, text, at=at)

    def write_again(self, conversation: Conversation, text: str, *, at: datetime | None = None) -> Message:
        """Another mail from the same customer in the same conversation."""
        person, at = conversation.person, at or clock.now()
        contact = Contact.objects.create(
            conversation=conversation, channel="mail", direction="in", started_at=at, person=person
        )
        address = person.addresses.first() if person else None
        return Message.objects.create(
            conversation=conversation, contact=contact, direction=Message.IN, person=person,
            from_address=address.value if address else "stranger@post.example",
            subject=conversation.subject, text=text, language=conversation.language, at=at,
        )  # fmt: skip


def build_world() -> World:
    """Store the company and return it. Meant for an empty database and a stopped clock."""
    world = World(
        **_agents(),
        **_customers(),
        inbox=Inbox.objects.create(address="hello@nordhvile.example", name="Nordhvile", language="en"),
        publication=publish_shop(),
    )
    world.products = {name: _product(*row) for name, row in PRODUCTS.items()}
    _orders(world)
    return world


def shop_files() -> dict[str, str]:
    """The starter book as the text of its files."""
    paths = sorted(path for path in SHOP.rglob("*") if path.suffix in {".md", ".yaml"})
    return {path.relative_to(SHOP).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def publish_shop() -> Publication:
    """Publish the starter book as any book is published. Checked once per process: its text stays the same."""
    files = shop_files()
    if not _checked:
        publication = publish(files, by=None)
        _checked.update({name: getattr(publication, name) for name in ("hash", "rules_hash", "text_hash")})
        return publication
    return Publication.objects.create(files=files, published_at=clock.now(), **_checked)


_checked: dict[str, str] = {}


def _agents() -> dict[str, Agent]:
    team = Team.objects.create(name="Customer service", department="customer-service")
    people = {
        "ida": ("Ida Lund", "agent", "en"),
        "theo": ("Theo Bruun", "team-lead", "en"),
        "mette": ("Mette Krogh", "manager", "da"),
    }
    agents = {}
    for key, (name, role, language) in people.items():
        agent = Agent.objects.create_user(f"{key}@nordhvile.example", PASSWORD, name=name, role=role, language=language)
        agent.teams.add(team)
        agents[key] = agent
    return agents


def _customers() -> dict[str, Person]:
    return {
        "freja": _person("Freja Holm", "da", "DK", ["freja@holm.example", "fh@arbejde.example"]),
        "oliver": _person("Oliver Grant", "en", "DK", ["oliver@grant.example"]),
        "karen": _person("Karen Dahl", "da", "DK", ["karen@dahl.example"]),
    }


def _person(name: str, language: str, country: str, addresses: list[str]) -> Person:
    person = Person.objects.create(
        name=name, first_name=name.split()[0], language=language, country=country, since=date(2024, 3, 1), made_at=NOW
    )
    for value in addresses:
        Address.objects.create(person=person, value=value, verified_at=NOW)
    return person


def _product(sku: str, names: dict[str, str], category: str, more: dict[str, bool]) -> Product:
    return Product.objects.create(sku=sku, names=names, category=category, **more)


def _orders(world: World) -> None:
    """Amounts in øre. An agent may refund up to 5,000 kr., a team lead up to 15,000 kr., a manager up to 75,000 kr."""
    rows = {
        # Day 13 of 30: comes back without a question.
        "10452": (world.freja, "lamp", 49900, date(2026, 10, 30), "delivered", date(2026, 11, 3)),
        # Hygiene goods: all hangs on whether the seal is broken.
        "10460": (world.freja, "topper", 149900, date(2026, 11, 1), "delivered", date(2026, 11, 5)),
        # More than an agent and a team lead may refund.
        "10471": (world.oliver, "bed", 1899900, date(2026, 10, 28), "delivered", date(2026, 11, 2)),
        # Made to measure, in production.
        "10480": (world.oliver, "headboard", 420000, date(2026, 11, 9), "in-production", None),
        # Four days late, on its way.
        "10490": (world.karen, "duvet", 99900, date(2026, 11, 2), "dispatched", None),
        # Day 108: far past the window.
        "10300": (world.freja, "duvet", 99900, date(2026, 7, 28), "delivered", date(2026, 7, 31)),
    }
    for number, (person, product, cents, bought_on, state, delivered_on) in rows.items():
        world.purchases[number] = _order(world, number, person, product, cents, bought_on, state, delivered_on)


def _order(
    world: World, number: str, person: Person, product: str, cents: int, bought_on: date, state: str,
    delivered_on: date | None,
) -> Purchase:  # fmt: skip
    purchase = Purchase.objects.create(
        number=number, person=person, bought_on=bought_on, country="DK", currency="DKK", state=state
    )
    on_the_way = state in {"dispatched", "delivered"}
    delivery = Delivery.objects.create(
        purchase=purchase, carrier="Bring", warehouse="Silkeborg", tracking=f"BR{number}",
        state="delivered" if delivered_on else ("loaded" if on_the_way else "planned"),
        promised_on=bought_on + timedelta(days=10),
        loaded_at=datetime(2026, 11, 2, 6, tzinfo=UTC) if on_the_way else None,
        dispatched_on=bought_on + timedelta(days=2) if on_the_way else None,
        delivered_on=delivered_on,
    )  # fmt: skip
    PurchaseLine.objects.create(
        purchase=purchase, product=world.products[product], delivery=delivery, price_cents=cents, batch="B7"
    )
    return purchase
