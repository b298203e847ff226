"""What the worker does for promises."""

from goodword.lib import clock
from goodword.promises.actions import tick as settle_overdue


def tick() -> int:
    """Mark the promises whose time is up as broken; says how many there were."""
    return settle_overdue(clock.now())
