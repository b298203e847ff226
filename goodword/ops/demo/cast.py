"""Who is who in the demo: the staff of Nordhvile, and its customers. All of them are invented."""

from dataclasses import dataclass

# Known to everybody: the demo listens on 127.0.0.1 only and opens its doors without a password anyway.
PASSWORD = "sleep well tonight"
DOMAIN = "nordhvile.example"


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here; `key` is the part of her address before the @."""

    key: str
    name: str
    role: str
    team: str
    language: str
    skills: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Where she signs in and is written to."""
        return f"{self.key}@{DOMAIN}"


TEAMS = {
    "Customer service": "customer-service",
    "Finance": "finance",
    "Warehouse": "warehouse",
    "Delivery": "delivery",
    "Workshop": "workshop",
}

STAFF = (
    Colleague("ida", "Ida Lund", "agent", "Customer service", "en", ("danish", "english")),
    Colleague("jonas", "Jonas Friis", "agent", "Customer service", "da", ("danish", "english")),
    Colleague("grace", "Grace Okafor", "agent", "Customer service", "en", ("english",)),
    Colleague("theo", "Theo Bruun", "team-lead", "Customer service", "en", ("danish", "english")),
    Colleague("mette", "Mette Krogh", "manager", "Customer service", "en", ("danish", "english")),
    Colleague("henrik", "Henrik Aagaard", "owner", "Customer service", "da", ("danish", "english")),
    Colleague("sofie", "Sofie Damgaard", "agent", "Finance", "da", ("danish",)),
    Colleague("palle", "Palle Juhl", "agent", "Warehouse", "da", ("danish",)),
    Colleague("nina", "Nina Skov", "agent", "Delivery", "da", ("danish", "english")),
    Colleague("arne", "Arne Toft", "agent", "Workshop", "da", ("danish",)),
)


@dataclass(frozen=True)
class Customer:
    """A customer: the first address is the one on her orders. `first_name` True: she said we may use it."""

    name: str
    language: str
    country: str
    addresses: tuple[str, ...]
    first_name: bool = False

    @property
    def key(self) -> str:
        """Her mail address, by which the stories call her."""
        return self.addresses[0]


def _known(row: str) -> Customer:
    name, language, country, addresses, *more = (cell.strip() for cell in row.split("|"))
    return Customer(name, language, country, tuple(addresses.split()), first_name="du" in more)


CUSTOMERS = tuple(
    _known(row)
    for row in (
        # The three who wait when the demo opens.
        "Freja Holm | da | DK | freja@holm.example fh@arbejde.example | du",
        "Amelia Clarke | en | DK | amelia@clarke.example",
        "Oliver Grant | en | DK | oliver@grant.example",
        # The others.
        "Karen Dahl | da | DK | karen@dahl.example",
        "Niels Østergaard | da | DK | niels@oestergaard.example",
        "Signe Vestergaard | da | DK | signe@vestergaard.example signe.v@skolen.example | du",
        "Mads Kjeldsen | da | DK | mads@kjeldsen.example",
        "Birgit Thorsen | da | DK | birgit@thorsen.example",
        "Rasmus Lindholm | da | DK | rasmus@lindholm.example | du",
        "Astrid Bak | da | DK | astrid@bak.example",
        "Poul Erik Winther | da | DK | poul@winther.example",
        "Camilla Nørgaard | da | DK | camilla@noergaard.example | du",
        "Jens Overgaard | da | DK | jens@overgaard.example",
        "Lærke Munk | da | DK | laerke@munk.example | du",
        "Ove Brandt | da | DK | ove@brandt.example",
        "Mathilde Krag | da | DK | mathilde@krag.example",
        "Anders Bisgaard | da | DK | anders@bisgaard.example",
        "Inger Fabricius | da | DK | inger@fabricius.example",
        "Tobias Rohde | da | DK | tobias@rohde.example | du",
        "Vibeke Stage | da | DK | vibeke@stage.example",
        "Emil Hauge | da | DK | emil@hauge.example",
        "Johanne Riis | da | DK | johanne@riis.example | du",
        "Kurt Ladefoged | da | DK | kurt@ladefoged.example",
        "Nanna Elkjær | da | DK | nanna@elkjaer.example | du",
        "Søren Borch | da | DK | soeren@borch.example",
        "Yasmin Haddad | da | DK | yasmin@haddad.example",
        "Mehmet Yildiz | da | DK | mehmet@yildiz.example",
        "Bodil Juul | da | DK | bodil@juul.example",
        "Hannah Whitaker | en | DK | hannah@whitaker.example | du",
        "Samuel Adeyemi | en | DK | samuel@adeyemi.example",
        "Priya Raman | en | DK | priya@raman.example | du",
        "George Pemberton | en | DK | george@pemberton.example",
        "Louise Carver | en | DK | louise@carver.example",
        "Daniel Kowalski | en | DK | daniel@kowalski.example | du",
        "Maria Fernandes | en | DK | maria@fernandes.example",
        "Chen Wei | en | DK | wei@chen.example",
        "Eleanor Marsh | en | SE | eleanor@marsh.example",
        "Elin Sjöberg | en | SE | elin@sjoeberg.example | du",
        "Gustav Åkesson | en | SE | gustav@akesson.example",
        "Katrin Vogel | en | DE | katrin@vogel.example",
        "Jürgen Petersen | da | DE | juergen@petersen.example",
        "Thomas Ashdown | en | DK | thomas@ashdown.example",
    )
)
