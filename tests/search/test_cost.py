"""What a search costs: a frequent word looks at the newest only, and a page asks as often for many rows as for one."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goodword.desk.models import Conversation, Message
from goodword.search import queries
from goodword.search.asked import read_question
from goodword.search.models import Entry
from goodword.search.queries import Wanted, search_for
from goodword.search.storing import edges
from tests.search.conftest import make_the_index
from tests.world import NOW, World

MANY = 3_000


@pytest.fixture
def many(world: World) -> None:
    """Three thousand letters about the lamp, of which the oldest ten flicker."""
    rows = [
        Conversation(number=5000 + each, inbox=world.inbox, language="en", opened_at=NOW, last_message_at=NOW)
        for each in range(MANY)
    ]
    Conversation.objects.bulk_create(rows)
    Message.objects.bulk_create(
        Message(conversation=row, direction="in", at=NOW, text="The lamp" + (" flickers" if each < 10 else ""))
        for each, row in enumerate(rows)
    )
    make_the_index()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_words")


def test_a_frequent_word_looks_at_no_more_than_the_page_shows(world: World, many: None) -> None:
    found = search_for(world.ida, Wanted("lamp"))
    assert [hit.conversation.number for hit in found.hits] == [5000 + MANY - each for each in range(1, 26)]
    assert found.looked_at == 26
    again = search_for(world.ida, Wanted("lamp"), after=found.after)
    assert [hit.conversation.number for hit in again.hits] == [5000 + MANY - each for each in range(26, 51)]


def test_the_database_reads_the_newest_and_sorts_no_list_of_all_hits(world: World, many: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        search_for(world.ida, Wanted("lamp"))
    walks = [each["sql"] for each in asked if "FROM search_words" in each["sql"] or '"search_entry"' in each["sql"]]
    assert len(walks) >= 4
    assert rows_read(walks) <= 1_000


def rows_read(statements: list[str]) -> int:
    """The most rows that one node of the plans gave on; on SQLite, that none of the plans sorts."""
    with connection.cursor() as cursor:
        most = 0
        for sql in statements:
            if connection.vendor == "postgresql":
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
                told = cursor.fetchone()[0]
                most = max(most, *nodes(json.loads(told) if isinstance(told, str) else told))
            else:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
                plan = " ".join(row[3] for row in cursor.fetchall())
                assert "B-TREE" not in plan, plan
                assert "kind=?" not in plan, plan
    return most


def nodes(told: list[dict[str, object]]) -> list[int]:
    waiting, rows = [each["Plan"] for each in told], []
    while waiting:
        node = waiting.pop()
        rows.append(int(node["Actual Rows"]))
        waiting += node.get("Plans", [])
    return rows


def test_a_word_that_is_rare_and_old_is_found_behind_all_the_others(world: World, many: None) -> None:
    found = search_for(world.ida, Wanted("flickers"))
    assert [hit.conversation.number for hit in found.hits] == [5009 - each for each in range(10)]
    assert (found.looked_at, found.after) == (10, None)


def test_a_filter_that_nothing_passes_gives_up_after_so_many_and_says_where_to_go_on(
    world: World, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_LOOKED_AT", 500)
    found = search_for(world.ida, Wanted("lamp", language="tr"))
    assert (found.hits, 500 <= found.looked_at <= 2_500) == ([], True)
    last = Entry.objects.get(place=found.after)
    assert Conversation.objects.get(pk=last.about).number == 5000 + MANY - found.looked_at


def test_a_page_asks_as_often_for_many_as_for_one(world: World) -> None:
    world.write(world.freja, "lamp")
    make_the_index()
    search_for(world.ida, Wanted("lamp"))
    with CaptureQueriesContext(connection) as for_one:
        search_for(world.ida, Wanted("lamp"))
    for _ in range(2):
        world.write(world.oliver, "lamp")
    make_the_index()
    with CaptureQueriesContext(connection) as for_three:
        assert len(search_for(world.ida, Wanted("lamp")).hits) == 3
    assert len(for_three) == len(for_one)


def test_places_of_different_kinds_never_meet() -> None:
    assert edges(Entry.CONVERSATION)[1] == edges(Entry.PERSON)[0]
    assert edges(Entry.PERSON)[1] == edges(Entry.ORDER)[0]
    assert read_question("lamp").number is None
