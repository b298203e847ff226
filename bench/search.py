"""How long a search takes: few hits and many, as one types, beside a plain `icontains` in the same run.

`python -m bench.search [--conversations 10000] [--postgresql NAME] [--again]`

Conversations are generated, three letters each; every fifth is about a return, twelve name the word "zirconium". Each
question is asked 40 times by one client, in turn with the rival, so that other work on the machine slows both. The
rival is what the desk did before: `icontains` on subject, words, addresses, names and file names, with the same
permission filter and the same 25 newest. Measured is the whole of the query, ours with snippets, cards of customers
and orders; no page is rendered.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import accumulate
from typing import Any

QUESTIONS = {
    "few hits": "zirconium ",
    "many hits": "return ",
    "many hits, begun": "retu",
    "two words": "return kettle",
    "phrase": '"return the kettle"',
    "nothing": "unobtainable ",
    "mail address": "buyer77@post.example",
    "number": "500",
}
RARE = 12
ROUNDS = 40
RIVAL_ROUNDS = 8
VOCABULARY = 20_000
Words = tuple[list[str], list[float]]


def fill(conversations: int) -> Any:
    """A desk with so many conversations; returns the agent who searches."""
    from django.core.management import call_command

    from goodword.accounts.models import Agent, Team
    from goodword.desk.models import Inbox
    from goodword.lib import clock
    from tests.world import publish_shop

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    publish_shop()
    agent = Agent.objects.create_user("a@bench.example", "x", name="A", role="agent", language="en")
    agent.teams.add(Team.objects.create(name="All", department="customer-service"))
    inbox = Inbox.objects.create(address="hello@bench.example", name="Bench", language="en")
    chance = random.Random(1)
    words = [_word(chance) for _ in range(VOCABULARY)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))  # as often as words are (Zipf)
    first = clock.now() - timedelta(days=700)
    rare = set(chance.sample(range(conversations), RARE))
    for begin in range(0, conversations, 2000):
        some = range(begin, min(begin + 2000, conversations))
        _file(some, inbox, first, chance, (words, weights), rare, 700 * 86400 / conversations)
    return agent


def _file(
    some: range, inbox: Any, first: Any, chance: random.Random, words: Words, rare: set[int], apart: float
) -> None:
    from goodword.desk.models import Conversation, Message
    from goodword.people.models import Address, Person

    at = {each: first + timedelta(seconds=each * apart) for each in some}
    people = Person.objects.bulk_create(Person(name=f"Buyer {each}", made_at=at[each]) for each in some)
    Address.objects.bulk_create(
        Address(person=person, value=f"buyer{each}@post.example") for each, person in zip(some, people, strict=True)
    )
    rows = Conversation.objects.bulk_create(
        Conversation(number=each, inbox=inbox, person=person, subject=" ".join(chance.choices(words[0], k=4)),
                     language="en", state="closed", opened_at=at[each], last_message_at=at[each])
        for each, person in zip(some, people, strict=True)
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(conversation=row, person=row.person, direction=direction, at=at[row.number], language="en",
                text=_letter(row.number, place, chance, words, rare))
        for row in rows for place, direction in enumerate(("in", "out", "in"))
    )  # fmt: skip


def _letter(number: int, place: int, chance: random.Random, words: Words, rare: set[int]) -> str:
    text = chance.choices(words[0], cum_weights=words[1], k=60)
    if place == 0 and number % 5 == 0:
        text.insert(20, chance.choice(("I would like to return the kettle", "what I returned on Monday", "my returns")))
    if place == 2 and number in rare:
        text.insert(30, "zirconium")
    return " ".join(text)


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))


def rival(agent: Any, text: str) -> list[Any]:
    """What the desk did before it had an index."""
    from django.db.models import Q

    from goodword.desk.models import Message
    from goodword.desk.queries.conversations import visible_to
    from goodword.people.models import Address

    text = text.strip().strip('"')
    said = Message.objects.filter(
        Q(text__icontains=text) | Q(from_address__icontains=text) | Q(attachments__name__icontains=text)
    )
    rows = visible_to(agent).filter(
        Q(subject__icontains=text) | Q(person__name__icontains=text) | Q(pk__in=said.values("conversation"))
        | Q(person__in=Address.objects.filter(value__icontains=text).values("person"))
    )  # fmt: skip
    return list(rows.select_related("person", "inbox", "assignee", "team").order_by("-last_message_at", "-id")[:25])


def milliseconds(ask: Callable[[], Any]) -> tuple[float, float]:
    """How long one asking takes, by the clock and of this process's processor time."""
    began, worked = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def measure(agent: Any) -> None:
    """Print a line for each question."""
    from goodword.search.queries import Wanted, search_for

    heads = ("hits", "p50 ms", "p95 ms", "processor", "icontains", "p95 ms", "processor")
    print(" " * 18, "".join(f"{head:>10}" for head in heads))
    for name, text in QUESTIONS.items():
        wanted = Wanted(text)
        hits = len(search_for(agent, wanted).hits)
        ours, theirs = [], []
        for turn in range(ROUNDS):
            ours.append(milliseconds(partial(search_for, agent, wanted)))
            if turn < RIVAL_ROUNDS:
                theirs.append(milliseconds(partial(rival, agent, text)))
        print(f"{name:18} {hits:10}{_told(ours)}{_told(theirs)}", flush=True)


def _told(times: list[tuple[float, float]]) -> str:
    by_clock = [clock for clock, _ in times]
    figures = (statistics.median(by_clock), _p95(by_clock), statistics.median(cpu for _, cpu in times))
    return "".join(f"{figure:10.1f}" for figure in figures)


def _p95(times: list[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]


def main() -> None:
    """Fill, index, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--again", action="store_true", help="the database is filled and indexed already")
    parser.add_argument("--postgresql", metavar="NAME", default="", help="an empty database, by the local socket")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="goodword-search-") as folder:
        os.environ["GOODWORD_DATA"] = folder
        if arguments.postgresql:
            os.environ["GOODWORD_DATABASE"] = f"postgresql://root@/{arguments.postgresql}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
        import django

        django.setup()
        from django.db import connection

        from goodword.accounts.models import Agent
        from goodword.search.actions import begin_anew, index_some

        agent = Agent.objects.get(email="a@bench.example") if arguments.again else fill(arguments.conversations)
        began = time.perf_counter()
        if not arguments.again:
            begin_anew()
            while index_some():
                pass
        seconds = time.perf_counter() - began
        where = f"{connection.vendor}, {arguments.conversations:,} conversations, load {os.getloadavg()[0]:.0f}"
        print(f"{where}; indexed in {seconds:.0f} s")
        if arguments.postgresql:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        measure(agent)


if __name__ == "__main__":
    main()
