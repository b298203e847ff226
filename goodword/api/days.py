"""A day in a request: ISO 8601 text and nothing else, where pydantic would also take a number of seconds."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator


def _only_iso(given: Any) -> Any:
    if isinstance(given, date):
        return given
    if isinstance(given, str) and len(given) == len("2026-12-24"):
        return date.fromisoformat(given)
    raise ValueError("should be a day like 2026-12-24")


Day = Annotated[date, BeforeValidator(_only_iso)]
