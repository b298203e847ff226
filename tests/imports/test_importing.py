"""Bringing conversations in: what is stored, what never follows from it, and what is refused."""

import base64
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword.accounts.models import Agent
from goodword.channels.models import OutgoingMail
from goodword.desk.models import Attachment, Contact, Conversation, Message
from goodword.desk.queries.conversations import counts_for
from goodword.desk.queries.facts import days_of, record_of
from goodword.imports.actions import import_history
from goodword.imports.models import ImportedConversation
from goodword.journal.models import Event
from goodword.lib import clock
from goodword.lib.blobs import read_blob
from goodword.lib.errors import Invalid, NotFound
from goodword.notifications.models import Notice
from goodword.people.actions import erase_person
from goodword.people.merging import merge_people
from goodword.people.models import Address, Person
from goodword.policies.queries import current_book
from goodword.promises.models import Promise
from tests.imports.desk_lines import FULL, import_lines, line
from tests.world import TODAY, World


@pytest.fixture(autouse=True)
def _a_world(world: World) -> None:
    """Every test has the company."""


def only() -> Conversation:
    """The one conversation that was brought in."""
    return ImportedConversation.objects.get().conversation


def test_a_full_line_is_stored_with_all_it_says(tmp_path: Path, world: World) -> None:
    report = import_lines(tmp_path, FULL)
    assert (report.made, report.messages, report.persons, report.agents, report.files) == (1, 3, 1, 1, 1)
    found = only()
    assert (found.state, found.waiting_on, found.subject, found.language) == ("closed", "nobody", FULL["subject"], "en")
    assert (found.assignee, found.department, found.outcome) == (world.ida, "customer-service", "solved")
    assert found.opened_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert found.closed_at == datetime(2024, 5, 2, 9, tzinfo=UTC)
    assert found.last_message_at == datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert [matter.policy for matter in found.matters.all()] == ["returns"]
    said = list(found.messages.all())
    assert [each.direction for each in said] == ["in", "note", "out"]
    assert [each.author.name if each.author else "" for each in said] == ["", "Bo Holt", world.ida.name]
    assert (said[0].mail_id, said[2].references) == ("a1@lund.example", ["a1@lund.example"])
    assert read_blob(Attachment.objects.get().blob) == b"picture"
    assert found.imported.details["ids"] == {"order": "10001"}


def test_nothing_follows_from_what_is_brought_in_even_if_it_is_open(tmp_path: Path) -> None:
    import_lines(tmp_path, {**FULL, "state": "open"}, line(state="waiting"))
    assert Promise.objects.count() == OutgoingMail.objects.count() == Notice.objects.count() == 0
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert kinds >= {"conversation.imported", "history.imported", "agent.imported", "person.welcomed"}
    assert not {kind for kind in kinds if kind.startswith(("message.", "promise."))}


def test_closed_history_is_not_in_the_queue(tmp_path: Path, world: World) -> None:
    before = counts_for(world.mette)
    import_lines(tmp_path, FULL, line())
    after = counts_for(world.mette)
    assert (after["closed"], after["all"]) == (before["closed"] + 2, before["all"] + 2)
    assert {view: after[view] for view in ("queue", "mine", "unassigned", "waiting", "approvals")} == {
        view: before[view] for view in ("queue", "mine", "unassigned", "waiting", "approvals")
    }


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    import_lines(tmp_path, FULL, line())
    before = [Conversation.objects.count(), Message.objects.count(), Person.objects.count(), Event.objects.count()]
    again = import_lines(tmp_path, FULL, line())
    assert (again.made, again.as_before, again.is_whole) == (0, 2, True)
    after = [Conversation.objects.count(), Message.objects.count(), Person.objects.count(), Event.objects.count()]
    assert after == before


def test_the_order_of_fields_and_how_a_line_is_written_do_not_make_it_another(tmp_path: Path) -> None:
    import_lines(tmp_path, line(subject="Bed", tags=[]))
    turned = '{"messages": [ {"text":"Hello there","direction":"in"} ],"subject":"\\u0042ed","id":"1"}'
    assert import_lines(tmp_path, turned, source="old-desk").as_before == 1


def test_a_line_that_reads_differently_is_told_and_left_as_it_was(tmp_path: Path) -> None:
    import_lines(tmp_path, line())
    changed = import_lines(tmp_path, line(subject="Another"))
    assert (changed.made, changed.changed, changed.is_whole) == (0, 1, False)
    assert str(changed.troubles[0]).startswith("line 1: conversation '1' was imported before and reads differently")
    assert only().subject == ""


def test_the_same_conversation_twice_in_a_file_is_one(tmp_path: Path) -> None:
    report = import_lines(tmp_path, line(), line(), line(id="2"))
    assert (report.made, report.as_before, ImportedConversation.objects.count()) == (2, 1, 2)


def test_wrong_lines_are_named_with_what_to_do_and_the_rest_goes_on(tmp_path: Path) -> None:
    no_zone = line(id="4", messages=[{"direction": "in", "text": "secret words", "at": "2024-05-01T10:00:00"}])
    report = import_lines(tmp_path, line(), "{not json", "", no_zone, line(id="5", colour="red"), line(id="6"))
    assert (report.read, report.made, report.wrong, report.blank) == (6, 2, 3, 1)
    assert report.read == report.made + report.as_before + report.changed + report.wrong + report.blank
    told = [str(each) for each in report.troubles]
    assert told[0].startswith("line 2: ")
    assert told[1].startswith("line 4: messages.0.at: ")
    assert "+02:00" in told[1]
    assert told[2].startswith("line 5: colour: ")
    assert "secret words" not in " ".join(told)


def test_a_dry_run_tells_the_same_and_stores_nothing(tmp_path: Path) -> None:
    events = Event.objects.count()
    tried = import_lines(tmp_path, FULL, line(), "{", dry_run=True)
    assert (tried.made, tried.messages, tried.files, tried.wrong) == (2, 4, 1, 1)
    assert (ImportedConversation.objects.count(), Event.objects.count()) == (0, events)
    done = import_lines(tmp_path, FULL, line(), "{")
    assert (done.made, done.messages, done.files, done.wrong) == (2, 4, 1, 1)


def test_where_no_time_is_given_only_the_order_is_kept(tmp_path: Path) -> None:
    said = [{"direction": way, "text": str(place)} for place, way in enumerate(["in", "out", "in"])]
    import_lines(tmp_path, line(messages=said))
    found = only()
    assert list(found.messages.values_list("text", "at_is_known")) == [("0", False), ("1", False), ("2", False)]
    assert (found.opened_at, found.last_message_at, found.closed_at) == (clock.UNKNOWN, clock.UNKNOWN, None)
    assert not Contact.objects.filter(conversation=found).exists()


def test_an_open_one_without_times_is_asked_about_as_of_today(tmp_path: Path) -> None:
    import_lines(tmp_path, line(state="open", situations=["returns"]))
    matter = only().matters.get()
    assert days_of(matter)["contact"] == TODAY
    assert record_of(matter)["contact.waited_minutes"] == 0


def test_a_message_without_a_time_stays_between_its_neighbours(tmp_path: Path) -> None:
    times = ["2024-05-01T10:00:00Z", None, "2024-05-01T12:00:00Z"]
    said = [{"direction": "in", "text": str(n), **({"at": at} if at else {})} for n, at in enumerate(times)]
    import_lines(tmp_path, line(messages=said))
    found = [(each.text, each.at_is_known) for each in only().messages.all()]
    assert found == [("0", True), ("1", False), ("2", True)]


def test_a_customer_is_found_by_address_and_keeps_her_name(tmp_path: Path, world: World) -> None:
    report = import_lines(tmp_path, line(person={"id": "77", "name": "Somebody", "mails": ["FREJA@holm.example"]}))
    assert (only().person, report.persons) == (world.freja, 0)
    again = import_lines(tmp_path, line(id="2", person={"id": "77"}))
    assert again.persons == 0
    assert Conversation.objects.get(imported__key="2").person == world.freja


def test_after_two_records_were_found_to_be_one_the_next_line_finds_the_one(tmp_path: Path, world: World) -> None:
    import_lines(tmp_path, line(person={"id": "77", "name": "F. Holm"}))
    gone = only().person
    assert gone is not None
    merge_people(gone, world.freja, by=world.mette)
    import_lines(tmp_path, line(id="2", person={"id": "77"}))
    assert Conversation.objects.get(imported__key="2").person == world.freja


def test_one_customer_of_many_lines_is_one_person(tmp_path: Path) -> None:
    lines = [line(id=str(n), person={"id": "9", "mails": ["new@post.example"]}) for n in range(5)]
    report = import_lines(tmp_path, *lines)
    assert (report.made, report.persons) == (5, 1)
    assert Address.objects.get(value="new@post.example").person.conversations.count() == 5


def test_a_number_without_a_digit_makes_nobody_somebody_else(tmp_path: Path) -> None:
    import_lines(tmp_path, line(person={"phones": ["---"]}), line(id="2", person={"phones": ["n/a"], "id": "2"}))
    people = [each.conversation.person for each in ImportedConversation.objects.order_by("pk")]
    assert people[0] is None
    assert people[1] is not None
    assert list(people[1].addresses.all()) == []


def test_who_has_neither_id_nor_address_is_nobody(tmp_path: Path) -> None:
    import_lines(tmp_path, line(person={"name": "Somebody"}))
    assert only().person is None


def test_an_agent_nobody_knows_becomes_a_name_that_cannot_sign_in(tmp_path: Path) -> None:
    import_lines(tmp_path, line(assignee={"id": "u-1", "name": "Bo Holt"}), line(id="2", assignee={"id": "u-1"}))
    bo = Agent.objects.get(name__in=["Bo Holt", "Agent u-1"])
    assert (bo.is_active, bo.has_usable_password(), bo.email.endswith("@agents.invalid")) == (False, False, True)
    assert Conversation.objects.filter(assignee=bo).count() == 2


def test_the_language_is_found_from_what_the_customer_wrote(tmp_path: Path) -> None:
    danish = [{"direction": "in", "text": "Jeg vil gerne sende min lampe tilbage, for den virker ikke længere."}]
    import_lines(tmp_path, line(messages=danish))
    assert (only().language, only().messages.get().language) == ("da", "da")


def test_a_mail_that_is_here_already_is_not_doubled(tmp_path: Path, world: World) -> None:
    message = world.write(world.freja, "My lamp")
    Message.objects.filter(pk=message.pk).update(mail_id="m1@post.example")
    said = [{"direction": "in", "text": "x"}, {"direction": "in", "text": "My lamp", "mail_id": "m1@post.example"}]
    report = import_lines(tmp_path, line(messages=said), line(id="2"))
    assert (report.made, report.wrong) == (1, 1)
    assert f"messages.1: the mail with this `mail_id` is in conversation {message.conversation.number}" in str(
        report.troubles[0]
    )


def attached(**file: Any) -> dict[str, Any]:
    return line(messages=[{"direction": "in", "text": "see", "files": [file]}])


def test_an_attachment_may_lie_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "bed.bin").write_bytes(bytes(range(256)))
    assert import_lines(tmp_path, attached(path="files/bed.bin", name="bed.bin")).files == 1
    assert read_blob(Attachment.objects.get().blob) == bytes(range(256))


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({"path": "../outside.txt"}, "leads out of the history file's folder"),
        ({"path": "/etc/passwd"}, "leads out of the history file's folder"),
        ({"path": "missing.txt"}, "cannot be read"),
        ({"base64": "%%%"}, "is not base64"),
    ],
)
def test_an_attachment_that_cannot_be_had_is_told(tmp_path: Path, file: dict[str, str], words: str) -> None:
    report = import_lines(tmp_path, attached(**file), line(id="2"))
    assert (report.made, report.wrong) == (1, 1)
    assert words in str(report.troubles[0])


def test_what_no_database_can_keep_is_replaced(tmp_path: Path) -> None:
    raw = '{"source":"a","id":"1","messages":[{"direction":"in","text":"a\\u0000b \\ud83d\\ude00 \\ud800"}]}'
    assert import_lines(tmp_path, raw).made == 1
    assert only().messages.get().text == "a\ufffdb \N{GRINNING FACE} \ufffd"


def test_active_html_is_cleaned_on_its_way_in(tmp_path: Path) -> None:
    import_lines(tmp_path, line(messages=[{"direction": "in", "html": "<p onclick='x()'>Hi<script>x()</script></p>"}]))
    html = only().messages.get().html
    assert "Hi" in html
    assert "onclick" not in html
    assert "<script" not in html


def test_numbers_go_on_from_the_desk_s_own(tmp_path: Path, world: World) -> None:
    number = world.write(world.freja, "Hello").conversation.number
    import_lines(tmp_path, line(), line(id="2"))
    numbers = ImportedConversation.objects.order_by("pk").values_list("conversation__number", flat=True)
    assert list(numbers) == [max(number + 1, 1001), max(number + 1, 1001) + 1]


def test_an_erased_customer_is_not_brought_back(tmp_path: Path) -> None:
    import_lines(tmp_path, FULL)
    person = only().person
    assert person is not None
    erase_person(person, book=current_book(), by=None)
    kept = ImportedConversation.objects.get()
    assert (kept.key, kept.details, only().messages.first().text) == ("", {}, "")  # type: ignore[union-attr]
    newer = deepcopy(FULL) | {"id": "T-18", "messages": [{"direction": "in", "text": "again"}]}
    again = import_lines(tmp_path, FULL, newer)
    assert (again.as_before, again.wrong, again.made) == (1, 1, 0)
    assert "was erased here" in str(again.troubles[0])


def test_a_line_without_a_source_takes_the_one_that_is_given(tmp_path: Path) -> None:
    bare = {"id": "1", "messages": []}
    assert "--source NAME" in str(import_lines(tmp_path, bare).troubles[0])
    import_lines(tmp_path, bare, source="shop")
    assert ImportedConversation.objects.get().source == "shop"


def test_an_unknown_inbox_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no inbox"):
        import_lines(tmp_path, line(), inbox="nobody@here.example")
    with pytest.raises(Invalid, match="cannot be read"):
        import_history(tmp_path / "none.jsonl")


def test_base64_is_what_it_was(tmp_path: Path) -> None:
    content = bytes(range(256)) * 300
    import_lines(tmp_path, attached(base64=base64.b64encode(content).decode()))
    assert (Attachment.objects.get().size, read_blob(Attachment.objects.get().blob)) == (len(content), content)
