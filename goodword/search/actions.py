"""Keeping the index: it follows the journal, and can be made anew from the rows at any time.

Nothing is written while a customer's mail is filed or an answer is stored: each of these is in the journal already,
which is numbered after the commit and skips nothing (journal.queries), so whatever dies in the middle, the next turn
goes on at the last event that was followed. Imported history is noted there, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, models, transaction

from goodword.desk.models import Conversation
from goodword.journal.models import Event
from goodword.journal.queries import events_after, number_events
from goodword.orders.models import Purchase
from goodword.people.models import Person
from goodword.search.models import Entry, Progress
from goodword.search.storing import Words, put, take_out
from goodword.search.texts import touched_by_person, words_of

ROWS_AT_A_TIME = 50
EVENTS_AT_A_TIME = 100
TABLES: dict[str, type[models.Model]] = {
    Entry.CONVERSATION: Conversation,
    Entry.PERSON: Person,
    Entry.ORDER: Purchase,
}
_KINDS = list(TABLES)
# What changes words that can be found. Who it was given to, or that it was closed, does not.
_CHANGES_WORDS = ("message.", "note.", "matter.", "person.", "order.", "correction.", "conversation.", "page.")
_CHANGES_NONE = {
    "conversation.assigned", "conversation.closed", "conversation.reopened", "message.sent", "message.acknowledged",
    "matter.done", "matter.reopened",
}  # fmt: skip


@dataclass
class Step:
    """The next piece of work: which rows, and how far the index has got when it is done."""

    rows: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    seq: int = 0
    making: str = ""
    made: int = 0
    ended: str = ""

    @property
    def size(self) -> int:
        """How many rows."""
        return sum(map(len, self.rows.values()))


def index_some() -> int:
    """Do the next piece: some rows if the index is being made, else what happened since; 0 if it is up to date.

    The rows are read before the transaction begins, so that nobody waits for stemming. If another process was first,
    nothing is stored: what it read may be newer.
    """
    progress = progress_now()
    step = _making(progress) if progress.making else _following(progress)
    if step is None:
        return 0
    found = {kind: words_of(kind, sorted(pks)) for kind, pks in step.rows.items()}
    with transaction.atomic():
        if not _is_as_it_was(progress):
            return 1
        for kind, pks in step.rows.items():
            _store(kind, pks, found[kind])
        if step.ended:
            _forget_rows_that_are_gone(step.ended)
        Progress.objects.filter(pk=progress.pk).update(seq=step.seq, making=step.making, made=step.made)
    return max(1, step.size)


def begin_anew() -> None:
    """Have the whole index made again; until that is done, the old one answers."""
    seq = number_events()
    anew = {"seq": seq, "making": Entry.CONVERSATION, "made": 0, "vendor": connection.vendor}
    Progress.objects.update_or_create(pk=1, defaults=anew)


def progress_now() -> Progress:
    """How far the index has got. One that was made for another kind of database is begun anew."""
    found = Progress.objects.filter(pk=1, vendor=connection.vendor).first()
    if found is None:
        begin_anew()
        found = Progress.objects.get(pk=1)
    return found


@transaction.atomic
def erase_from_search(person: Person) -> None:
    """Take her, and every conversation she has a word in, out of the index at once; what is left of the conversations
    comes back with the next turn."""
    _store(Entry.PERSON, {person.pk, *person.merged_from.values_list("pk", flat=True)}, [])
    _store(Entry.CONVERSATION, touched_by_person([person.pk]), [])


def _making(progress: Progress) -> Step:
    """The next rows of the kind that is being made, by id; after the last one, the next kind."""
    rows = TABLES[progress.making]._default_manager.filter(pk__gt=progress.made).order_by("pk")
    pks = list(rows.values_list("pk", flat=True)[:ROWS_AT_A_TIME])
    if pks:
        return Step(rows={progress.making: set(pks)}, seq=progress.seq, making=progress.making, made=pks[-1])
    after = _KINDS[_KINDS.index(progress.making) + 1 :]
    return Step(seq=progress.seq, making=after[0] if after else "", ended=progress.making)


def _following(progress: Progress) -> Step | None:
    events = list(events_after(progress.seq, limit=EVENTS_AT_A_TIME))
    if not events:
        return None
    step = Step(seq=events[-1].seq or progress.seq)
    for event in events:
        if event.kind.startswith(_CHANGES_WORDS) and event.kind not in _CHANGES_NONE:
            _note(step, event)
    step.rows[Entry.CONVERSATION] |= touched_by_person(step.rows[Entry.PERSON])
    return step


def _note(step: Step, event: Event) -> None:
    kind, _colon, pk = event.about.partition(":")
    if kind not in TABLES:
        return
    step.rows[kind].add(int(pk))
    others = {Entry.CONVERSATION: ("out_of", "into", "to"), Entry.PERSON: ("gone",), Entry.ORDER: ()}
    step.rows[kind] |= {event.payload[name] for name in others[kind] if isinstance(event.payload.get(name), int)}


def _is_as_it_was(progress: Progress) -> bool:
    row = Progress.objects.select_for_update().filter(pk=progress.pk).first()
    names = ("seq", "making", "made", "vendor")
    return row is not None and all(getattr(row, name) == getattr(progress, name) for name in names)


def _store(kind: str, pks: Iterable[int], found: Sequence[Words]) -> None:
    """These rows' entries are now `found`, and no others."""
    old = Entry.objects.filter(kind=kind, about__in=list(pks))
    # Also where they will stand: after a move to another database a table may hold words without an entry.
    take_out([*old.values_list("place", flat=True), *(row.place for row in found)])
    old.delete()
    put(found)
    Entry.objects.bulk_create(Entry(place=row.place, kind=kind, about=row.about) for row in found)


def _forget_rows_that_are_gone(kind: str) -> None:
    there = TABLES[kind]._default_manager.values("pk")
    gone = Entry.objects.filter(kind=kind).exclude(about__in=there).values_list("about", flat=True)
    _store(kind, list(gone), [])
