"""What waits for somebody: approvals for a word, actions for a hand, notices for an eye."""

from collections.abc import Callable

from django.test import Client

from goodword.accounts.models import Agent
from goodword.desk.actions.approvals import ask_approval
from goodword.desk.models import Action, Approval, Decision
from goodword.notifications.actions import tell
from goodword.notifications.models import Notice
from tests.desk.cases import plain_yes, too_large
from tests.world import World


def asked(world: World) -> Approval:
    return ask_approval(too_large(world), "The leg broke in the first night.", by=world.ida)


def test_the_manager_sees_the_reason_and_the_asker_does_not_wait_for_herself(
    world: World, ida: Client, mette: Client
) -> None:
    approval = asked(world)
    assert [each.approval.pk for each in mette.get("/desk/approvals/").context["waiting"]] == [approval.pk]
    assert ida.get("/desk/approvals/").context["waiting"] == []
    assert "The leg broke in the first night." in mette.get("/desk/approvals/").content.decode()


def test_her_yes_makes_the_decision_final(world: World, mette: Client) -> None:
    approval = asked(world)
    mette.post(f"/desk/approvals/{approval.pk}/", {"answer": "approve", "word": "Of course."})
    approval.refresh_from_db()
    assert (approval.state, approval.word, approval.decision.state) == (
        Approval.APPROVED, "Of course.", Decision.FINAL,
    )  # fmt: skip


def test_her_no_needs_a_word(world: World, mette: Client) -> None:
    approval = asked(world)
    assert mette.post(f"/desk/approvals/{approval.pk}/", {"answer": "decline"}).status_code == 422
    mette.post(f"/desk/approvals/{approval.pk}/", {"answer": "decline", "word": "Offer a repair first."})
    approval.refresh_from_db()
    assert (approval.state, approval.word) == (Approval.DECLINED, "Offer a repair first.")


def test_nobody_answers_her_own_request(world: World, ida: Client) -> None:
    approval = asked(world)
    assert ida.post(f"/desk/approvals/{approval.pk}/", {"answer": "approve"}).status_code == 409
    approval.refresh_from_db()
    assert approval.state == Approval.WAITING


def test_she_can_take_her_request_back(world: World, ida: Client) -> None:
    approval = asked(world)
    ida.post(f"/desk/approvals/{approval.pk}/withdraw/")
    approval.refresh_from_db()
    assert approval.state == Approval.WITHDRAWN


def test_actions_are_listed_due_first_and_by_department(world: World, ida: Client) -> None:
    plain_yes(world)
    everybodys = [action.label for action, _, _ in ida.get("/desk/actions/").context["rows"]]
    finance = [action.label for action, _, _ in ida.get("/desk/actions/?department=finance").context["rows"]]
    assert everybodys == ["Return label", "Goods received", "Refund"]
    assert finance == ["Refund"]


def test_done_is_done_and_goes_back_to_the_list(world: World, ida: Client) -> None:
    plain_yes(world)
    action = Action.objects.get(kind="return-label")
    answer = ida.post(f"/desk/actions/{action.pk}/done/", {"next": "/desk/actions/?mine=1"})
    action.refresh_from_db()
    assert (action.state, answer["Location"]) == (Action.DONE, "/desk/actions/?mine=1")


def test_a_form_sends_nobody_to_another_host(world: World, ida: Client) -> None:
    answer = ida.post("/desk/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_a_notice_leads_to_its_conversation_and_is_read(
    world: World, signed_in: Callable[[Agent], Client]
) -> None:
    message = world.write(world.freja, "Hello")
    notice = tell(world.theo, "message.received", message.conversation)
    theo = signed_in(world.theo)
    assert "The customer wrote again in conversation 1000." in theo.get("/desk/").content.decode()
    assert theo.post(f"/desk/notices/{notice.pk}/")["Location"] == "/desk/c/1000/"
    assert Notice.objects.filter(read_at=None).count() == 0


def test_nobody_marks_another_agents_notice(world: World, ida: Client) -> None:
    message = world.write(world.freja, "Hello")
    notice = tell(world.theo, "message.received", message.conversation)
    ida.post(f"/desk/notices/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at is None
