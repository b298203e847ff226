"""The work that the worker calls."""

from time import monotonic

from goodword.search.actions import index_some

# So that mail has its turn while a large index is made.
_SECONDS_AT_A_TURN = 0.5


def index_due() -> int:
    """Bring the index up to date, for half a second at most; how many rows were looked at."""
    handled, until = 0, monotonic() + _SECONDS_AT_A_TURN
    while monotonic() < until and (some := index_some()):
        handled += some
    return handled
