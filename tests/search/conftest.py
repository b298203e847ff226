"""An index of whatever was written so far."""

from collections.abc import Callable

import pytest
from django.db import connection

from goodword.accounts.models import Agent
from goodword.search.actions import begin_anew, index_some, progress_now
from goodword.search.queries import Wanted, search_for
from tests.world import World

Find = Callable[..., list[int]]


@pytest.fixture
def search(world: World) -> Find:
    """Index everything, search as Ida, and give the numbers of the conversations found."""

    def find(text: str, agent: Agent | None = None, **filters: object) -> list[int]:
        make_the_index()
        found = search_for(agent or world.ida, Wanted(text, **filters))
        return [hit.conversation.number for hit in found.hits]

    return find


def make_the_index() -> None:
    """Anew, from the rows: what the world writes by hand is not in the journal."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words")
    begin_anew()
    while progress_now().making:
        index_some()


def catch_up() -> None:
    """What the worker does until nothing is left."""
    while index_some():
        pass
