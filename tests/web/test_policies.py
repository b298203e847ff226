"""The book in the browser: reading it, drafting the next version, seeing whom it changes, publishing."""

from django.test import Client

from goodword.desk.actions.matters import report_gap
from goodword.desk.models import Matter
from goodword.policies.actions import report_problem, start_draft
from goodword.policies.models import Draft, Publication
from goodword.policies.queries import current_book
from tests.desk.cases import plain_yes, returned
from tests.web.conftest import HTMX
from tests.world import World

WINDOW = "value: 30, source"


def edited(world: World, mette: Client, old: str, new: str) -> str:
    """Mette changes the parameters in the browser; the page she gets."""
    draft = start_draft(by=world.mette)
    text = draft.files["parameters.yaml"].replace(old, new)
    form = {"file": "parameters.yaml", "text": text.replace("\n", "\r\n")}
    return str(mette.post("/desk/policies/draft/check/", form, headers=HTMX).content.decode())


def test_rules_are_read_in_words_and_not_in_code(world: World, ida: Client) -> None:
    page = ida.get("/desk/policies/read/returns/").content.decode()
    assert "at most 30 (Days to change your mind)" in page
    assert "&lt;= return_window" not in page


def test_a_policy_is_read_as_it_stood_on_another_day(world: World, ida: Client) -> None:
    earlier = ida.get("/desk/policies/read/returns/?on=2025-01-01").content.decode()
    assert "You have 14 days" in earlier


def test_an_agent_may_read_but_not_change_the_book(world: World, ida: Client) -> None:
    assert "Change the book" not in ida.get("/desk/policies/").content.decode()
    assert ida.post("/desk/policies/draft/start/").status_code == 409
    assert not Draft.objects.exists()


def test_the_manager_begins_a_draft_at_the_policy_she_reads(world: World, mette: Client) -> None:
    answer = mette.post("/desk/policies/draft/start/", {"file": "returns.md"})
    assert answer["Location"] == "/desk/policies/draft/?file=returns.md"
    assert mette.get(answer["Location"]).status_code == 200


def test_a_file_name_with_a_line_break_writes_no_header(world: World, mette: Client) -> None:
    answer = mette.post("/desk/policies/draft/start/", {"file": "x\r\nSet-Cookie: a=b"})
    assert (answer.status_code, "a" in answer.cookies) == (302, False)


def test_a_mistake_shows_its_line_while_she_writes(world: World, mette: Client) -> None:
    assert "<code>parameters.yaml:" in edited(world, mette, "return_window:", "return_window: : x")


def test_opening_and_keeping_a_file_changes_nothing_of_it(world: World, mette: Client) -> None:
    before = start_draft(by=world.mette).files
    edited(world, mette, "nothing like it", "nothing")
    assert Draft.objects.get().files == before


def test_the_preview_says_for_whom_it_changes_what(world: World, mette: Client) -> None:
    plain_yes(world)
    draft = start_draft(by=world.mette)
    text = draft.files["returns.md"].replace("| <= return_window", "| <= 3")
    form = {"file": "returns.md", "text": text}
    page = mette.post("/desk/policies/draft/preview/", form, headers=HTMX).content.decode()
    assert 'id="preview"' in page


def test_the_preview_shows_on_a_later_day_what_begins_then(world: World, mette: Client) -> None:
    plain_yes(world)
    # Not the return window: its floor in law would outweigh the trial.
    begins = '    - {from: 2031-01-01, value: 3, source: "A trial"}\nrefund_aim:'
    text = start_draft(by=world.mette).files["parameters.yaml"].replace("refund_aim:", begins, 1)
    form = {"file": "parameters.yaml", "text": text}
    assert mette.post("/desk/policies/draft/preview/", form).context["changes"] == []
    later = mette.post("/desk/policies/draft/preview/", {**form, "day": "2031-01-02"})
    assert len(later.context["changes"]) == 1
    assert mette.post("/desk/policies/draft/preview/", {**form, "day": "soon"}).status_code == 422


def test_publishing_puts_the_draft_in_force(world: World, mette: Client) -> None:
    draft = start_draft(by=world.mette)
    text = draft.files["book.yaml"].replace("Beds, bedding and furniture", "Beds and bedding")
    mette.post("/desk/policies/draft/publish/", {"file": "book.yaml", "text": text, "note": "A shorter line"})
    assert current_book().tagline["en"].startswith("Beds and bedding")
    assert Publication.objects.latest("id").note == "A shorter line"
    assert not Draft.objects.exists()


def test_a_draft_with_a_mistake_is_not_published(world: World, mette: Client) -> None:
    edited(world, mette, "return_window:", "return_window: : x")
    before = current_book().hash
    answer = mette.post("/desk/policies/draft/publish/", {"file": "parameters.yaml"})
    assert (answer.status_code, current_book().hash) == (422, before)


def test_a_discarded_draft_is_gone(world: World, mette: Client) -> None:
    start_draft(by=world.mette)
    mette.post("/desk/policies/draft/discard/")
    assert not Draft.objects.exists()


def test_every_page_says_when_the_watched_folder_has_a_mistake(world: World, ida: Client) -> None:
    from goodword.engine import Finding

    report_problem([Finding("error", "yaml", "parameters.yaml", 6, "this is not YAML", "mind the colons")])
    assert "parameters.yaml:6: this is not YAML" in ida.get("/desk/").content.decode()


def test_gaps_are_listed_with_their_conversation(world: World, ida: Client) -> None:
    matter: Matter = returned(world, "10452")
    report_gap(matter, by=world.ida, note="What if the lamp was a gift?")
    assert "What if the lamp was a gift?" in ida.get("/desk/policies/gaps/").content.decode()
