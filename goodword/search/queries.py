"""Searching: only what the agent may see, the newest first, a page at a time.

The index says where the words are; whether she may see a conversation, customer or order is asked of the same filters
as everywhere (`desk.queries`), inside the walk. So no count, no snippet and no page tells of what she may not see.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from goodword.accounts.models import Agent
from goodword.desk.models import Conversation
from goodword.desk.queries.conversations import visible_to
from goodword.desk.queries.reach import people_visible_to, purchases_visible_to
from goodword.orders.models import Purchase
from goodword.people.models import Person
from goodword.policies.queries import time_zone
from goodword.search.actions import TABLES
from goodword.search.asked import Asked, read_question
from goodword.search.models import Entry, Progress
from goodword.search.snippets import Snippet, snippets_of
from goodword.search.storing import edges, place_of, places

HITS_ON_A_PAGE = 25
CARDS_SHOWN = 5
# Frequent words behind narrow filters: after so many places the page says that there may be more further back.
MOST_LOOKED_AT = 20_000
_FIRST_LOOK, _LARGEST_LOOK = 60, 2_000

_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(2100, 1, 1)

Card = TypeVar("Card", Person, Purchase)
# Where a conversation stands in the index, and its id.
Placed = tuple[int, int]


@dataclass(frozen=True)
class Wanted:
    """What to look for, and the filters; `text` may be empty if a filter says enough.

    `since` and `until` are days in the book's time zone: conversations with a word from the one to the other.
    `whose`: "mine" or "team", or everybody's.
    """

    text: str = ""
    state: str = ""
    inbox: str = ""
    person: int | None = None
    whose: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return any((self.state, self.inbox, self.person, self.whose, self.language, self.since, self.until))


@dataclass(frozen=True)
class Hit:
    """A conversation that was found, and the words around."""

    conversation: Conversation
    place: int
    subject: Snippet
    words: Snippet


@dataclass(frozen=True)
class Found:
    """One page. `after` goes into the next search; None at the end. `looked_at`: places that were looked at."""

    hits: list[Hit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    orders: list[Purchase] = field(default_factory=list)
    after: int | None = None
    looked_at: int = 0

    def __bool__(self) -> bool:
        return bool(self.hits or self.people or self.orders)


def search_for(agent: Agent, wanted: Wanted, *, after: int | None = None, size: int = HITS_ON_A_PAGE) -> Found:
    """What `agent` may see of what was asked for: a page of conversations, on the first page customers and orders, too.

    A conversation whose number was typed stands first; merged, the one in which it is now.
    """
    asked = read_question(wanted.text)
    if not asked and (wanted.text.strip() or not wanted.narrows):
        return Found()
    rows = _narrowed(visible_to(agent), agent, wanted)
    straight = _by_number(rows, asked)
    first = straight if after is None else []
    others = rows.exclude(pk__in=[pk for _, pk in straight])
    found, further, looked_at = _walk(others, asked, wanted, after, size - len(first))
    with_cards = bool(asked) and after is None and not wanted.narrows
    return Found(
        hits=_hits(rows, [*first, *found], asked),
        people=_people(agent, asked) if with_cards else [],
        orders=_orders(agent, asked) if with_cards else [],
        after=further,
        looked_at=looked_at,
    )


def _hits(rows: QuerySet[Conversation], found: list[Placed], asked: Asked) -> list[Hit]:
    """Asked again of the same filter: only what is read by it is shown."""
    rows = rows.select_related("person", "inbox", "assignee", "team").prefetch_related("person__addresses")
    by_pk = rows.in_bulk([pk for _, pk in found])
    words = snippets_of(list(by_pk.values()), asked)
    return [Hit(by_pk[pk], place, *words[pk]) for place, pk in found if pk in by_pk]


def _walk(
    rows: QuerySet[Conversation], asked: Asked, wanted: Wanted, after: int | None, size: int
) -> tuple[list[Placed], int | None, int]:
    """What is found below `after`, the newest first; where to go on, and how many were looked at."""
    found: list[Placed] = []
    looked_at = 0
    for chunk in _chunks(rows, asked, wanted, after):
        seen = set(rows.filter(pk__in=[pk for _, pk in chunk]).values_list("pk", flat=True))
        for place, pk in chunk:
            looked_at += 1
            if pk in seen and len(found) == size:  # one more than fits: there is another page
                return found, found[-1][0] if found else edges(Entry.CONVERSATION)[1], looked_at
            found += [(place, pk)] if pk in seen else []
        if looked_at >= MOST_LOOKED_AT:
            return found, chunk[-1][0], looked_at
    return found, None, looked_at


def _chunks(rows: QuerySet[Conversation], asked: Asked, wanted: Wanted, after: int | None) -> Iterator[list[Placed]]:
    """Where the words are, in larger and larger pieces: most pages are full after the first."""
    floor, below = edges(Entry.CONVERSATION)
    floor = max(floor, place_of(Entry.CONVERSATION, 0, _begins(wanted.since).timestamp()) if wanted.since else 0)
    below = min(below, after) if after is not None else below
    size = _FIRST_LOOK
    while True:
        # By place alone, which implies the kind: asked for that, too, SQLite would read every entry of the kind.
        entries = Entry.objects.order_by("-place")
        if asked:
            at = places(asked, floor=floor, below=below, most=size)
            chunk = list(entries.filter(place__in=at).values_list("place", "about"))
        else:
            entries = _of_one_person(entries, rows) if wanted.person else entries
            chunk = list(entries.filter(place__gte=floor, place__lt=below).values_list("place", "about")[:size])
            at = [place for place, _ in chunk]
        if chunk:
            yield chunk
        if len(at) < size:
            return
        below, size = at[-1], min(size * 4, _LARGEST_LOOK)


def _of_one_person(entries: QuerySet[Entry], rows: QuerySet[Conversation]) -> QuerySet[Entry]:
    """Few enough to be named, and too few among all to be walked to."""
    return entries.filter(kind=Entry.CONVERSATION, about__in=list(rows.values_list("pk", flat=True)[:MOST_LOOKED_AT]))


def _narrowed(rows: QuerySet[Conversation], agent: Agent, wanted: Wanted) -> QuerySet[Conversation]:
    same = {"state": wanted.state, "inbox__address": wanted.inbox, "person": wanted.person, "language": wanted.language}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if wanted.whose == "mine":
        rows = rows.filter(assignee=agent)
    elif wanted.whose == "team":
        rows = rows.filter(Q(team__in=agent.teams.all()) | Q(assignee=agent))
    if wanted.since:
        rows = rows.filter(last_message_at__gte=_begins(wanted.since))
    if wanted.until:
        rows = rows.filter(opened_at__lt=_begins(wanted.until) + timedelta(days=1))
    return rows


def _begins(day: date) -> datetime:
    # No letter is older or younger; and a day at the end of the calendar has no day after it.
    within = min(max(day, _FIRST_DAY), _LAST_DAY)
    return datetime.combine(within, time(), ZoneInfo(time_zone()))


def _by_number(rows: QuerySet[Conversation], asked: Asked) -> list[Placed]:
    """The conversation with the number that was typed, or the one into which it was merged, over however many."""
    if asked.number is None:
        return []
    pk, gone = Conversation.objects.filter(number=asked.number).values_list("pk", "merged_into").first() or (None, None)
    seen = {pk}
    while gone and gone not in seen:
        seen.add(gone)
        pk, gone = gone, Conversation.objects.filter(pk=gone).values_list("merged_into", flat=True).first()
    there = rows.filter(pk=pk).first() if pk else None
    if there is None:
        return []
    return [(place_of(Entry.CONVERSATION, there.pk, there.last_message_at.timestamp()), there.pk)]


def _people(agent: Agent, asked: Asked) -> list[Person]:
    rows = people_visible_to(agent).prefetch_related("addresses")
    return _cards(rows, asked, Entry.PERSON)


def _orders(agent: Agent, asked: Asked) -> list[Purchase]:
    return _cards(purchases_visible_to(agent), asked, Entry.ORDER)


def _cards(rows: QuerySet[Card], asked: Asked, kind: str) -> list[Card]:
    floor, below = edges(kind)
    at = places(asked, floor=floor, below=below, most=_LARGEST_LOOK)
    for begin in range(0, len(at), _FIRST_LOOK):
        entries = Entry.objects.filter(place__in=at[begin : begin + _FIRST_LOOK])
        there = rows.filter(pk__in=list(entries.values_list("about", flat=True)))
        if shown := list(there.order_by(*(rows.model._meta.ordering or ["-pk"]))[:CARDS_SHOWN]):
            return shown
    return []


def index_size() -> tuple[int, int, int]:
    """How many conversations, customers and orders can be found."""
    kinds = (Entry.CONVERSATION, Entry.PERSON, Entry.ORDER)
    conversations, people, orders = (Entry.objects.filter(kind=kind).count() for kind in kinds)
    return conversations, people, orders


def rows_left_to_index() -> int:
    """How many rows the index that is being made has still to read, and one for its last steps; 0 once it is made."""
    progress = Progress.objects.filter(pk=1).first()
    if progress is None or not progress.making:
        return 0
    kinds = list(TABLES)
    left = TABLES[progress.making]._default_manager.filter(pk__gt=progress.made).count()
    after = kinds[kinds.index(progress.making) + 1 :]
    return 1 + left + sum(TABLES[kind]._default_manager.count() for kind in after)
