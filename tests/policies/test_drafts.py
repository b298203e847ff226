"""Drafts: written by anybody with the right, previewed on what really happened, published once."""

from datetime import date

import pytest

from goodword import engine
from goodword.accounts.models import Agent
from goodword.journal.models import Event
from goodword.lib.errors import Refused
from goodword.policies.actions import discard_draft, publish, publish_draft, save_draft, start_draft
from goodword.policies.models import Draft
from goodword.policies.preview import Change, PastCase, preview_draft
from goodword.policies.queries import advise, current_draft, current_publication
from tests.policies.small_book import DAY, small_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def mette() -> Agent:
    return Agent.objects.create_user("mette@nordhvile.example", name="Mette Krogh", role="manager")


@pytest.fixture
def draft(mette: Agent) -> Draft:
    publish(small_book(window=14), by=None)
    return start_draft(by=mette)


def past(number: int, days: int) -> PastCase:
    decision = advise("returns", {"days_since_delivery": days}, {"purchase": DAY, "contact": DAY, "today": DAY})
    return PastCase.from_trace(number, decision.to_json())


def test_a_draft_begins_as_the_book_in_force_and_there_is_one(draft: Draft, mette: Agent) -> None:
    assert draft.files == current_publication().files
    assert start_draft(by=mette) == draft
    assert current_draft() == draft


def test_a_draft_may_hold_mistakes_and_changes_nothing_until_it_is_published(draft: Draft, mette: Agent) -> None:
    save_draft(draft, draft.files | {"facts.yaml": "facts: ["}, by=mette)
    preview = preview_draft(draft, [])
    assert not preview.may_publish
    assert {finding.file for finding in preview.findings if finding.level == "error"} >= {"facts.yaml"}
    assert advise("returns", {"days_since_delivery": 10}, DAY).outcome == "allow"


def test_a_preview_says_who_would_get_what_else(draft: Draft, mette: Agent) -> None:
    cases = [past(1, 10), past(2, 20), past(3, 40)]
    save_draft(draft, small_book(window=30), by=mette)
    preview = preview_draft(draft, cases)
    assert (preview.may_publish, preview.replayed) == (True, 3)
    assert preview.changes == [
        Change(
            decision=2,
            policy="returns",
            status="decided",
            before={"outcome": "refuse", "reason": "late", "alternative": "voucher"},
            after={"outcome": "allow", "reason": "in-time", "alternative": None},
        )
    ] or preview.changes[0].after["outcome"] == "allow"
    assert preview.changes[0].outputs == ["alternative", "outcome", "reason"]


def test_a_draft_without_changes_changes_nobodys_answer(draft: Draft) -> None:
    assert preview_draft(draft, [past(1, 10), past(2, 20)]).changes == []


def test_a_change_that_begins_in_the_future_is_seen_as_if_it_had_begun(draft: Draft, mette: Agent) -> None:
    cases = [past(2, 20)]
    later = '    - {from: 2026-12-01, value: 30, source: "Management"}\n'
    save_draft(draft, draft.files | {"parameters.yaml": draft.files["parameters.yaml"] + later}, by=mette)
    assert preview_draft(draft, cases).changes == []
    assert [change.decision for change in preview_draft(draft, cases, on=date(2026, 12, 2)).changes] == [2]


def test_a_case_whose_policy_is_gone_from_the_draft_is_replayed_in_the_published_book(
    draft: Draft, mette: Agent
) -> None:
    cases = [past(1, 10)]
    renamed = draft.files["returns.md"].replace("policy: returns", "policy: sending-back")
    files = {name: text for name, text in draft.files.items() if name not in {"returns.md", "cases/returns.yaml"}}
    save_draft(
        draft,
        files | {"sending-back.md": renamed, "cases/sending-back.yaml": draft.files["cases/returns.yaml"]},
        by=mette,
    )
    assert preview_draft(draft, cases).changes == []


def test_a_published_draft_is_in_force_and_gone(draft: Draft, mette: Agent) -> None:
    save_draft(draft, small_book(window=30), by=mette)
    publication = publish_draft(draft, by=mette, note="a longer window")
    assert (publication.note, current_draft()) == ("a longer window", None)
    assert advise("returns", {"days_since_delivery": 30}, DAY).outcome == "allow"


def test_a_draft_does_not_undo_what_was_published_meanwhile(draft: Draft, mette: Agent) -> None:
    publish(small_book(window=30), by=None)
    with pytest.raises(Refused, match="published again since"):
        publish_draft(draft, by=mette)


def test_a_draft_can_be_thrown_away(draft: Draft, mette: Agent) -> None:
    discard_draft(draft, by=mette)
    assert current_draft() is None
    kinds = Event.objects.filter(about="book").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["book.published", "draft.started", "draft.discarded"]


def test_a_stored_decision_comes_out_the_same_when_it_is_replayed(draft: Draft) -> None:
    trace = advise("returns", {"days_since_delivery": 20}, DAY).to_json()
    restored = engine.Decision.from_json(trace)
    assert restored.outcome == "refuse"
    assert preview_draft(draft, [PastCase.from_trace(1, trace)]).changes == []


def test_only_the_keepers_of_the_book_draft_and_publish_it(draft: Draft) -> None:
    ida = Agent.objects.create_user("ida@nordhvile.example", name="Ida Lund", role="agent")
    for act in (
        lambda: start_draft(by=ida),
        lambda: save_draft(draft, {}, by=ida),
        lambda: publish_draft(draft, by=ida),
        lambda: discard_draft(draft, by=ida),
    ):
        with pytest.raises(Refused, match="kept by its managers"):
            act()
    assert current_draft() == draft
