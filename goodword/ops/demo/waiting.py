"""Who waits when the demo opens: three letters that ask for an answer, and a handful that need no hurry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from goodword.desk.actions.matters import correct_matter, state_fact
from goodword.desk.models import Conversation, FactValue
from goodword.lib import clock
from goodword.ops.demo.cast import CUSTOMERS
from goodword.ops.demo.history import Crew
from goodword.ops.demo.letters import unwrapped
from goodword.ops.demo.post import arrive, deliver
from goodword.orders.models import PurchaseLine


@dataclass(frozen=True)
class Waiting:
    """A letter written some minutes ago. `facts` is what the customer says in it, as the book's values."""

    customer: str
    minutes_ago: int
    policy: str
    number: str
    subject: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


A_PLAIN_YES = Waiting(
    "freja@holm.example", 200, "returns", "10452", "Returnering af bordlampe, ordre 10452",
    """Hej

Jeg har købt en Bordlampe Måne hos jer (ordre 10452). Den er rigtig fin, men den er for stor til mit natbord, så
jeg vil gerne returnere den. Den har aldrig været tændt, og der er ikke noget galt med den.

Hvad gør jeg?

Venlig hilsen
Freja Holm
""",
    {"faulty": False},
)  # fmt: skip

A_NO_WITH_SOMETHING_BETTER = Waiting(
    "amelia@clarke.example", 170, "returns", "10460", "Topper too soft - order 10460",
    """Hello,

I bought your Cloud mattress topper (order 10460). I have slept on it for a week and it is much too soft for me, my
back hurts every morning. There is no fault in it, it is just not right. I opened the bag, of course, otherwise I
could not have tried it.

Can I send it back and have my money back?

Best regards,
Amelia Clarke
""",
    {"faulty": False, "opened": True},
)  # fmt: skip

A_YES_THAT_NEEDS_APPROVAL = Waiting(
    "oliver@grant.example", 140, "returns", "10471", "Broken bed, order 10471",
    """Dear Nordhvile,

The Fjord continental bed you delivered (order 10471) is faulty: one of the legs has cracked right through, and the
whole bed leans to one side. We now sleep on the floor.

I do not want a repair. Please collect it and give me my money back.

Oliver Grant
""",
    {"faulty": True, "wish": "money-back"},
)  # fmt: skip

THE_THREE = (A_PLAIN_YES, A_NO_WITH_SOMETHING_BETTER, A_YES_THAT_NEEDS_APPROVAL)

NO_HURRY = (
    Waiting(
        "hannah@whitaker.example", 80, "delivery", "10493", "Another day for my bedside table?",
        "Hello, we are not at home on the day you deliver order 10493. Could it come on another day? A day or two "
        "later would be fine.\n\nHannah\n",
    ),
    Waiting(
        "karen@dahl.example", 65, "", "10490", "Hvor er min ordre?",
        "Hej. Hvor er min dyne, ordre 10490? Jeg glæder mig til den, men det haster ikke.\n\nKaren Dahl\n",
    ),
    Waiting(
        "niels@oestergaard.example", 50, "cancellations", "10495", "Annullér ordre 10495",
        "Goddag\n\nVi har fundet en sengeramme i familien. Vil I annullere ordre 10495?\n\nMed venlig hilsen\n"
        "Niels Østergaard\n",
    ),
    Waiting(
        "priya@raman.example", 35, "returns", "10436", "Linen bed set",
        "Hi, the linen bed set from order 10436 does not go with our curtains. It is unused. Could I still return "
        "it?\n\nPriya\n",
    ),
    Waiting(
        "signe@vestergaard.example", 20, "returns", "10430", "Pude, ordre 10430",
        "Hej. Jeg vil gerne returnere puden fra ordre 10430. Den er for høj til mig.\n\nHilsen Signe\n",
    ),
)  # fmt: skip


def let_them_wait(crew: Crew) -> None:
    """Have the letters arrive; what is said in the first three is noted, so that they can be answered at once."""
    for waiting in (*THE_THREE, *NO_HURRY):
        moment = crew.calendar.now - timedelta(minutes=waiting.minutes_ago)
        with clock.stopped_at(moment):
            _note(_arrive(waiting, crew), waiting)
        deliver(moment + timedelta(seconds=4))


def _arrive(waiting: Waiting, crew: Crew) -> Conversation:
    name = next(customer.name for customer in CUSTOMERS if waiting.customer in customer.addresses)
    return arrive(
        unwrapped(waiting.text),
        subject=waiting.subject,
        name=name,
        address=waiting.customer,
        inbox=crew.inbox,
        answering=None,
    )


def _note(conversation: Conversation, waiting: Waiting) -> None:
    matter = conversation.matters.order_by("id")[0]
    if matter.line is None or matter.policy != waiting.policy:
        line = PurchaseLine.objects.get(purchase__number=waiting.number)
        matter = correct_matter(matter, by=None, policy=waiting.policy, line=line)
    for fact, value in waiting.facts.items():
        state_fact(matter, fact, value, FactValue.STATED, by=None)
