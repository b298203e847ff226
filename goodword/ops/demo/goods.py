"""What Nordhvile sells and to whom it sold it over the last months: products, purchases, deliveries, in bulk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from goodword.lib.clock import now
from goodword.orders.models import Delivery, Product, Purchase, PurchaseLine
from goodword.people.models import Person

# sku, English name, Danish name, category, price in øre, marks
PRODUCTS = (
    ("LAMP-1", "Moon table lamp", "Bordlampe Måne", "general", 49900, ""),
    ("LAMP-2", "Dusk reading lamp", "Læselampe Skumring", "general", 64900, ""),
    ("DUVET-1", "Winter duvet", "Vinterdyne", "general", 99900, ""),
    ("DUVET-2", "Summer duvet", "Sommerdyne", "general", 79900, ""),
    ("LINEN-1", "Linen bed set", "Sengesæt i hør", "general", 119900, ""),
    ("BLANKET-1", "Wool blanket", "Uldplaid", "general", 69900, ""),
    ("PILLOW-1", "Side sleeper's pillow", "Pude til sidesovere", "hygiene", 59900, "sealed"),
    ("TOPPER-1", "Cloud mattress topper", "Topmadras Sky", "hygiene", 149900, "sealed"),
    ("PROTECT-1", "Mattress protector", "Madrasbeskytter", "hygiene", 39900, "sealed"),
    ("MATT-1", "Meadow mattress", "Madras Eng", "mattress", 549900, ""),
    ("MATT-2", "Forest mattress", "Madras Skov", "mattress", 799900, ""),
    ("BED-1", "Fjord continental bed", "Kontinentalseng Fjord", "furniture", 1899900, ""),
    ("BED-2", "Skerry bed frame", "Sengeramme Skær", "furniture", 449900, ""),
    ("NIGHT-1", "Harbour bedside table", "Sengebord Havn", "furniture", 129900, ""),
    ("HEAD-1", "Harbour headboard", "Sengegavl Havn", "furniture", 420000, "made_to_measure"),
    ("CURTAIN-1", "Blackout curtains", "Mørklægningsgardiner", "general", 239900, "made_to_measure"),
)
# What the goods are called where nobody of the demo's cast lives, but a visitor may write from.
_ABROAD = {
    "LAMP-1": ("Lampu meja Bulan", "Lampu meja Bulan", "Ay masa lambası"),
    "LAMP-2": ("Lampu baca Senja", "Lampu baca Senja", "Alaca okuma lambası"),
    "DUVET-1": ("Selimut musim dingin", "Selimut tebal musim sejuk", "Kışlık yorgan"),
    "DUVET-2": ("Selimut musim panas", "Selimut nipis musim panas", "Yazlık yorgan"),
    "LINEN-1": ("Seprai linen", "Set cadar linen", "Keten nevresim takımı"),
    "BLANKET-1": ("Selimut wol", "Selimut bulu", "Yün battaniye"),
    "PILLOW-1": ("Bantal tidur miring", "Bantal tidur mengiring", "Yan yatanlar için yastık"),
    "TOPPER-1": ("Pelapis kasur Awan", "Topper tilam Awan", "Bulut yatak pedi"),
    "PROTECT-1": ("Pelindung kasur", "Pelindung tilam", "Yatak koruyucu"),
    "MATT-1": ("Kasur Padang Rumput", "Tilam Padang Rumput", "Çayır yatağı"),
    "MATT-2": ("Kasur Hutan", "Tilam Hutan", "Orman yatağı"),
    "BED-1": ("Tempat tidur Fjord", "Katil Fjord", "Fjord karyolası"),
    "BED-2": ("Rangka tempat tidur Karang", "Rangka katil Karang", "Kayalık karyola çerçevesi"),
    "NIGHT-1": ("Meja samping Pelabuhan", "Meja sisi katil Pelabuhan", "Liman komodini"),
    "HEAD-1": ("Sandaran tempat tidur Pelabuhan", "Kepala katil Pelabuhan", "Liman karyola başlığı"),
    "CURTAIN-1": ("Tirai penggelap", "Langsir kedap cahaya", "Karartma perdeleri"),
}
NAMES = {
    sku: {"en": english, "da": danish, **dict(zip(("id", "ms", "tr"), _ABROAD[sku], strict=True))}
    for sku, english, danish, *_ in PRODUCTS
}
_SHOPS = ("web", "web", "web", "phone", "shop")


@dataclass(frozen=True)
class Sale:
    """One order with one line. Days are counted back from today; None for what has not happened.

    `promised_in` counts forward from today: a negative number is in the past.
    """

    number: int
    customer: str
    sku: str
    bought: int
    delivered: int | None
    state: str = "delivered"
    promised_in: int | None = None
    channel: str = "web"


# The orders that the waiting letters are about. Each stands on one side of a boundary of the starter book.
STORIES = (
    Sale(10452, "freja@holm.example", "LAMP-1", 22, 17),
    Sale(10460, "amelia@clarke.example", "TOPPER-1", 16, 11),
    Sale(10188, "amelia@clarke.example", "LAMP-2", 190, 184),
    Sale(10389, "amelia@clarke.example", "LINEN-1", 66, 61),
    Sale(10471, "oliver@grant.example", "BED-1", 20, 12),
    Sale(10480, "oliver@grant.example", "HEAD-1", 12, None, "in-production", 45),
    Sale(10490, "karen@dahl.example", "DUVET-1", 6, None, "dispatched", 2),
    Sale(10493, "hannah@whitaker.example", "NIGHT-1", 4, None, "packed", 5),
    Sale(10495, "niels@oestergaard.example", "BED-2", 5, None, "packed", 4),
    Sale(10430, "signe@vestergaard.example", "PILLOW-1", 26, 20),
    Sale(10436, "priya@raman.example", "LINEN-1", 24, 19),
)


def stock_products() -> dict[str, Product]:
    """Store the products; by sku."""
    made = Product.objects.bulk_create(
        Product(
            sku=sku, names=NAMES[sku], category=category,
            made_to_measure=mark == "made_to_measure", sealed=mark == "sealed",
        )
        for sku, _english, _danish, category, _price, mark in PRODUCTS
    )  # fmt: skip
    return {product.sku: product for product in made}


def sell(sales: list[Sale], people: Mapping[str, Person], products: Mapping[str, Product]) -> None:
    """Store the sales as purchases with their deliveries and lines; three statements in all."""
    today = now().date()
    purchases = Purchase.objects.bulk_create(_purchase(sale, people[sale.customer], today) for sale in sales)
    pairs = list(zip(sales, purchases, strict=True))
    deliveries = Delivery.objects.bulk_create(_delivery(sale, purchase, today) for sale, purchase in pairs)
    prices = {row[0]: row[4] for row in PRODUCTS}
    PurchaseLine.objects.bulk_create(
        PurchaseLine(
            purchase=purchase, product=products[sale.sku], delivery=delivery, price_cents=prices[sale.sku],
            batch=f"{sale.sku[0]}{sale.number % 9 + 1}",
        )
        for (sale, purchase), delivery in zip(pairs, deliveries, strict=True)
    )  # fmt: skip


def sales_of_the_last_months(customers: list[str], count: int, first_number: int) -> list[Sale]:
    """`count` delivered orders from before the letters, the same at every start, oldest first."""
    dice = Random(20)
    skus = [row[0] for row in PRODUCTS]
    days = sorted((dice.randint(75, 240) for _ in range(count)), reverse=True)
    return [
        Sale(
            first_number + place * 3, customers[dice.randrange(len(customers))], skus[dice.randrange(len(skus))],
            bought=day, delivered=day - dice.randint(4, 9), channel=dice.choice(_SHOPS),
        )
        for place, day in enumerate(days)
    ]  # fmt: skip


def _purchase(sale: Sale, person: Person, today: date) -> Purchase:
    return Purchase(
        number=str(sale.number), person=person, bought_on=today - timedelta(days=sale.bought), channel=sale.channel,
        country=person.country, currency="DKK", state=sale.state,
    )  # fmt: skip


def _delivery(sale: Sale, purchase: Purchase, today: date) -> Delivery:
    delivered_on = None if sale.delivered is None else today - timedelta(days=sale.delivered)
    promised_on = (
        purchase.bought_on + timedelta(days=12)
        if sale.promised_in is None
        else today + timedelta(days=sale.promised_in)
    )
    window = datetime.combine(delivered_on or promised_on, time(9), UTC)
    left = sale.state in {"dispatched", "delivered"}
    dispatched_on = (delivered_on or today) - timedelta(days=1) if left else None
    return Delivery(
        purchase=purchase, carrier="Nordfragt", warehouse="Silkeborg", tracking=f"NF{sale.number}08",
        state={"delivered": "delivered", "dispatched": "loaded"}.get(sale.state, "planned"),
        promised_on=promised_on, window_start=window, window_end=window + timedelta(hours=4),
        loaded_at=datetime.combine(dispatched_on, time(5), UTC) if dispatched_on else None,
        dispatched_on=dispatched_on, delivered_on=delivered_on,
    )  # fmt: skip
