"""The words in each database's own full-text table, and the walk through it from the newest down.

SQLite: FTS5 keeps each word's places in order and is read backwards, so the newest page costs the same however many
hits there are. PostgreSQL: a GIN index knows no order; there the newest rows are looked through first, which finds a
frequent word at once, and only a word that is rare among them is looked up in the index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from goodword.search.asked import Asked
from goodword.search.models import Entry

_CONVERSATIONS_BELOW = 2**60
_PEOPLE_BELOW = 2**61
_IDS_IN_A_SECOND = 2**28
_EDGES = {
    Entry.CONVERSATION: (0, _CONVERSATIONS_BELOW),
    Entry.PERSON: (_CONVERSATIONS_BELOW, _PEOPLE_BELOW),
    Entry.ORDER: (_PEOPLE_BELOW, 2**62),
}
# On PostgreSQL: this many of the newest rows are looked through before the index is asked.
_LOOKED_THROUGH = 1_000
# MATERIALIZED: neither the LIMIT nor a wrong guess at how many there are may make it walk the whole table.
_NEWEST = (
    "WITH newest AS MATERIALIZED (SELECT place, terms FROM search_words WHERE place >= %s AND place < %s) "
    "SELECT place FROM newest WHERE terms @@ %s::tsquery ORDER BY place DESC LIMIT %s"
)
_INDEXED = (
    "WITH hit AS MATERIALIZED (SELECT place FROM search_words WHERE terms @@ %s::tsquery) "
    "SELECT place FROM hit WHERE place >= %s AND place < %s ORDER BY place DESC LIMIT %s"
)
_MOST_PLACES_OF_A_WORD = 200
_LAST_POSITION = 16_383
# FTS5 wants something between two texts that no phrase can reach across.
WALL = ""


@dataclass(frozen=True)
class Words:
    """What is known of one row: its words in order, WALL between two texts, and their stems."""

    place: int
    about: int
    words: Sequence[str]
    stems: Iterable[str]


def place_of(kind: str, pk: int, seconds: float = 0) -> int:
    """The key under which a row's words are kept: the newest conversation (by its last message, in seconds since 1970)
    has the highest, of customers and orders the last on record."""
    within = max(0, int(seconds)) * _IDS_IN_A_SECOND if kind == Entry.CONVERSATION else 0
    return edges(kind)[0] + within + pk % _IDS_IN_A_SECOND


def edges(kind: str) -> tuple[int, int]:
    """The lowest place of a kind, and the first above all of its places."""
    return _EDGES[kind]


def put(rows: Sequence[Words]) -> None:
    """Store the words of these rows; none may stand at their places. In the caller's transaction."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "INSERT INTO search_words (place, terms) VALUES (%s, %s::tsvector)"
            cursor.executemany(sql, [(row.place, _vector(row)) for row in rows])
        else:
            sql = "INSERT INTO search_words (rowid, words) VALUES (%s, %s)"
            cursor.executemany(sql, [(row.place, _line(row)) for row in rows])


def take_out(places: Sequence[int]) -> None:
    """Forget the words at these places. In the caller's transaction."""
    column = "place" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM search_words WHERE {column} = %s", [(place,) for place in places])


def places(asked: Asked, *, floor: int, below: int, most: int) -> list[int]:
    """Up to `most` places in [floor, below) at which everything asked for is found, the highest first."""
    question = asked.in_words_of(connection.vendor)
    if connection.vendor != "postgresql":
        return _ask(
            "SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid >= %s AND rowid < %s "
            "ORDER BY rowid DESC LIMIT %s",
            (question, floor, below, most),
        )
    newest = _edge(floor, below, _LOOKED_THROUGH)
    found = _ask(_NEWEST, (newest, below, question, most))
    if len(found) >= most or newest <= floor:
        return found
    return found + _by_index(question, floor, newest, most - len(found))


def _edge(floor: int, below: int, rows: int) -> int:
    """The place so many rows further down; `floor` if there are not as many."""
    sql = "SELECT place FROM search_words WHERE place >= %s AND place < %s ORDER BY place DESC OFFSET %s LIMIT 1"
    return next(iter(_ask(sql, (floor, below, rows - 1))), floor)


def _by_index(question: str, floor: int, below: int, most: int) -> list[int]:
    """By the GIN index and nothing else: PostgreSQL takes matching a tsvector, which it must unpack first, for as cheap
    as comparing a number, and would rather do it a hundred thousand times."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(_INDEXED, (question, floor, below, most))
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on")
    return found


def _ask(sql: str, values: tuple[int | str, ...]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _line(row: Words) -> str:
    return " ".join([*(word or "_" for word in row.words), "_", *row.stems])


def _vector(row: Words) -> str:
    """A tsvector's text: each word with its positions, each stem without."""
    positions: dict[str, list[int]] = {}
    for position, word in enumerate(row.words, start=1):
        if word:
            positions.setdefault(word, []).append(min(position, _LAST_POSITION))
    words = [f"'{word}':{','.join(map(str, at[:_MOST_PLACES_OF_A_WORD]))}" for word, at in positions.items()]
    return " ".join([*words, *(f"'{stem}'" for stem in row.stems)])
