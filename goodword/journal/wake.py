"""Waking what waits for events in this process: a counter under a condition, nothing more."""

import threading

_condition = threading.Condition()
_count = 0


def wake_readers() -> None:
    """Something was committed: let every waiter of this process look again."""
    global _count
    with _condition:
        _count += 1
        _condition.notify_all()


def wait_for_event(seen: int, *, seconds: float) -> int:
    """Block until the wake count passes `seen` or `seconds` are over; return the count to wait on next."""
    with _condition:
        _condition.wait_for(lambda: _count > seen, timeout=seconds)
        return _count
