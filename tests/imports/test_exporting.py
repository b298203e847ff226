"""Writing a desk's conversations out, so that they can be brought in elsewhere and are then the same."""

import json
from argparse import Namespace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from goodword.accounts.models import Agent
from goodword.channels.html import cleaned
from goodword.desk.actions.conversations import add_note, close_conversation, receive, reply
from goodword.desk.arriving import KeptFile, Said
from goodword.desk.models import Conversation, Decision, Message
from goodword.imports.actions import import_history
from goodword.imports.exporting import conversations_to_export, history_lines
from goodword.imports.naming import own_source
from goodword.lib import clock
from goodword.lib.blobs import keep_blob
from goodword.lib.errors import Invalid, NotFound, Refused
from goodword.ops.history import export_history
from goodword.people.actions import erase_person
from goodword.people.models import Person
from goodword.policies.queries import current_book
from tests.imports.desk_lines import FULL, import_lines, line
from tests.world import World


@pytest.fixture
def worked(world: World) -> World:
    """A desk with a conversation of its own that has everything, one with a stranger in it, and two brought in."""
    conversation = world.write(world.freja, "My lamp flickers", subject="The lamp").conversation
    matter = conversation.matters.create(policy="returns", guessed=False, opened_at=clock.now())
    Decision.objects.create(
        matter=matter, state=Decision.FINAL, made_at=clock.now(), by=world.ida, policy="returns", outcome="allow",
        book_hash="0" * 64, trace={}, reason="it flickers",
    )  # fmt: skip
    reply(conversation, "Send it back, please.", by=world.ida, expect_differences_confirmed=True)
    add_note(conversation, "A nice one.", by=world.theo)
    kept = KeptFile("lamp.bin", "application/octet-stream", keep_blob(b"\x00\xff lamp"), 7, "cid-1", True)
    said = Said(
        "Here is a picture.", clock.now() + timedelta(microseconds=7), from_address="freja@holm.example",
        mail_id="x@holm.example", html=cleaned("<p>Here <img src='https://pics.example/a.png'></p>"), files=[kept],
        language="da",
    )  # fmt: skip
    receive(conversation, world.freja, said)
    receive(conversation, None, Said("I am somebody else.", clock.now(), from_address="who@else.example"))
    close_conversation(world.write(None, "Where is my bed?").conversation, "solved", by=world.ida)
    return world


def exported(folder: Path, name: str, **options: Any) -> list[str]:
    """The lines of an export."""
    file = folder / name
    assert export_history(Namespace(file=file, **{"since": None, "person": None, **options})) == 0
    return file.read_text(encoding="utf-8").splitlines()


def empty_desk(settings: Any) -> None:
    """Another desk: other key, no conversation, no customer, and of all who worked there only one."""
    settings.SECRET_KEY = "another desk's key"
    Message.objects.all().delete()
    Decision.objects.all().delete()
    Conversation.objects.all().delete()
    Person.objects.all().delete()
    Agent.objects.exclude(email__startswith="mette").delete()


def test_what_is_written_out_and_brought_in_elsewhere_is_written_out_the_same(
    worked: World, tmp_path: Path, settings: Any
) -> None:
    import_lines(tmp_path, FULL, line(), line(id="2", person={"mails": ["vera@lund.example"]}))
    first = exported(tmp_path, "first.jsonl")
    empty_desk(settings)
    report = import_history(tmp_path / "first.jsonl")
    assert (report.made, report.troubles) == (5, [])
    assert exported(tmp_path, "second.jsonl") == first


def test_a_desk_knows_its_own_export_again(worked: World, tmp_path: Path) -> None:
    import_lines(tmp_path, FULL)
    exported(tmp_path, "own.jsonl")
    report = import_history(tmp_path / "own.jsonl")
    assert (report.made, report.as_before, report.changed + report.wrong) == (0, 2, 1)
    assert Conversation.objects.count() == 3


def test_what_was_brought_in_is_written_out_as_it_came(world: World, tmp_path: Path) -> None:
    import_lines(tmp_path, FULL)
    out = json.loads(exported(tmp_path, "out.jsonl")[0])
    kept = ("source", "id", "subject", "language", "situations", "outcome", "tags", "ids", "inbox", "department")
    assert {name: out[name] for name in kept} == {name: FULL[name] for name in kept}
    assert out["person"] == {**FULL["person"], "phones": ["+4511223344"]}
    assert [each["text"] for each in out["messages"]] == [each["text"] for each in FULL["messages"]]
    assert out["messages"][0]["files"] == FULL["messages"][0]["files"]
    assert out["decisions"] == FULL["decisions"]


def test_what_an_erased_customer_wrote_is_not_in_it(worked: World, tmp_path: Path) -> None:
    erase_person(worked.freja, book=current_book(), by=None)
    lines = exported(tmp_path, "out.jsonl")
    assert len(lines) == 1
    text = "".join(lines).lower()
    assert [word for word in ("flickers", "freja", "holm") if word in text] == []


def test_since_and_person_narrow_it(worked: World, tmp_path: Path) -> None:
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    assert exported(tmp_path, "a.jsonl", since=tomorrow) == []
    hers = exported(tmp_path, "b.jsonl", person="freja@holm.example")
    assert [json.loads(each)["person"]["name"] for each in hers] == [worked.freja.name]
    with pytest.raises(NotFound):
        exported(tmp_path, "c.jsonl", person="nobody@nowhere.example")
    with pytest.raises(Invalid):
        exported(tmp_path, "d.jsonl", since="last week")


def test_no_file_is_overwritten_and_only_its_owner_reads_it(worked: World, tmp_path: Path) -> None:
    exported(tmp_path, "out.jsonl")
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="is there already"):
        exported(tmp_path, "out.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_the_number_of_questions_does_not_grow_with_the_conversations(
    worked: World, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    import_lines(tmp_path, *(line(id=str(n), person={"id": str(n)}) for n in range(90)))
    with django_assert_max_num_queries(11):
        assert len(list(history_lines(conversations_to_export()))) == 92


def test_desks_have_names_of_their_own(settings: Any) -> None:
    settings.SECRET_KEY = "one"
    one = own_source()
    settings.SECRET_KEY = "two"
    assert one != own_source()
