"""A day on the pages is a day of the company's, also in the hours when it is still yesterday in UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from goodword.desk.actions.work import finish_action
from goodword.lib import clock
from goodword.web.shown.decisions import shown_action
from tests.desk.cases import plain_yes
from tests.world import World


def test_what_was_done_after_midnight_was_done_on_the_new_day(world: World) -> None:
    action = plain_yes(world).actions.get(kind="refund")
    with clock.stopped_at(datetime(2026, 12, 3, 23, 30, tzinfo=UTC)):
        action = finish_action(action, by=world.ida)
    with timezone.override(ZoneInfo("Europe/Copenhagen")):
        assert shown_action(action).done_on.startswith("4 December")
