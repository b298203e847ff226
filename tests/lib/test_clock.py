"""The one clock."""

from datetime import UTC, date, datetime

from goodword.lib import clock


def test_a_stopped_clock_runs_on_after_the_block() -> None:
    moment = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    with clock.stopped_at(moment):
        assert clock.now() == moment
    assert clock.now() != moment


def test_a_day_is_a_day_in_the_zone_that_is_asked_for() -> None:
    with clock.stopped_at(datetime(2026, 11, 16, 23, 30, tzinfo=UTC)):
        assert clock.today("UTC") == date(2026, 11, 16)
        assert clock.today("Europe/Copenhagen") == date(2026, 11, 17)
