"""Signs of life: each working part notes when it last took a turn, where every process can read it."""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.core.cache import cache

from goodword.lib import clock

# Every turn of the worker would be a write each second; health needs no more than this.
SECONDS_BETWEEN = 5.0
_KEPT_SECONDS = 7 * 24 * 3600
_last_written: dict[str, tuple[float, str]] = {}


@dataclass(frozen=True)
class Pulse:
    """When a part last took a turn (UTC), and what went wrong in it: an error's name, never its text."""

    at: datetime
    problem: str


def beat(part: str, *, problem: str = "") -> None:
    """Note that `part` ("worker", "mail") is alive; written at most every few seconds, or when `problem` changes."""
    written_at, written = _last_written.get(part, (-SECONDS_BETWEEN, ""))
    if problem == written and monotonic() - written_at < SECONDS_BETWEEN:
        return
    _last_written[part] = (monotonic(), problem)
    cache.set(_key(part), {"at": clock.now().isoformat(), "problem": problem}, _KEPT_SECONDS)


def last_beat(part: str) -> Pulse | None:
    """The last sign of life of `part`, or None if it has given none for a week."""
    noted = cache.get(_key(part))
    return Pulse(datetime.fromisoformat(noted["at"]), noted["problem"]) if noted else None


def _key(part: str) -> str:
    return f"pulse-{part}"
