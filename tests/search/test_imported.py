"""History of other desks is found like everything else, without anything else following from it."""

import json
from pathlib import Path

from goodword.imports.actions import import_history
from goodword.search.queries import Wanted, search_for
from tests.search.conftest import catch_up, make_the_index
from tests.world import World


def test_imported_history_is_found_at_its_own_time(world: World, tmp_path: Path) -> None:
    now = world.write(world.oliver, "The moonlamp hums").conversation
    make_the_index()
    said = {
        "source": "old desk", "id": "7", "person": {"mails": ["freja@holm.example"]}, "subject": "Moonlamp",
        "language": "da", "state": "closed",
        "messages": [{"direction": "in", "text": "Puderne mangler", "at": "2019-03-01T10:00:00Z"}],
    }  # fmt: skip
    file = tmp_path / "history.jsonl"
    file.write_text(json.dumps(said) + "\n", encoding="utf-8")
    import_history(file)
    catch_up()
    first, second = search_for(world.ida, Wanted("moonlamp")).hits
    assert (first.conversation, second.conversation.subject) == (now, "Moonlamp")
    assert [hit.conversation for hit in search_for(world.ida, Wanted("pude ")).hits] == [second.conversation]
