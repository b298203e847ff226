"""Matters in the states that several tests begin with."""

from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import correct_matter, open_matters, state_fact
from goodword.desk.models import Decision, Matter
from tests.world import World


def returned(world: World, number: str, language: str = "en", **facts: object) -> Matter:
    """The buyer of an order wants to return it, and this is what she says."""
    text = {
        "en": f"I want to return order {number}.",
        "da": f"Jeg vil gerne returnere ordre {number}.",
        "id": f"Saya mau mengembalikan pesanan {number}.",
        "ms": f"Saya mahu memulangkan pesanan {number}.",
        "tr": f"{number} numaralı siparişi iade etmek istiyorum.",
    }[language]
    person = world.purchases[number].person
    (matter,) = open_matters(world.write(person, text, language=language, subject="Order"))
    matter = correct_matter(matter, by=world.ida, policy="returns")
    for fact, value in facts.items():
        state_fact(matter, fact, value, by=world.ida)
    return matter


def plain_yes(world: World, language: str = "en") -> Decision:
    """Ida has granted the return of the lamp, 499 kr."""
    return decide(returned(world, "10452", language, faulty=False), by=world.ida)


def refusal(world: World, language: str = "en") -> Decision:
    """Ida has refused the opened topper and offers a voucher."""
    return decide(returned(world, "10460", language, faulty=False, opened=True), by=world.ida)


def too_large(world: World, language: str = "en") -> Decision:
    """Ida proposes to take back the bed, 18,999 kr., which only a manager may grant."""
    return decide(returned(world, "10471", language, faulty=False), by=world.ida)
