"""A conversation that was brought in from another desk, as a program reads it."""

import json
from pathlib import Path

from goodword.desk.models import Conversation
from tests.api.conftest import Program
from tests.imports.desk_lines import FULL, import_lines, line


def test_a_time_that_nobody_knows_is_null(program: Program, tmp_path: Path) -> None:
    import_lines(tmp_path, FULL, line())
    number = Conversation.objects.get(imported__key="1").number
    read = json.loads(program.get(f"/conversations/{number}").content)
    assert (read["opened_at"], read["last_message_at"], read["messages"][0]["at"]) == (None, None, None)
    known = json.loads(program.get(f"/conversations/{Conversation.objects.get(imported__key='T-17').number}").content)
    assert known["messages"][0]["at"] == "2024-05-01T08:00:00Z"
