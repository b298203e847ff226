"""The kinds of values a request may hold, stricter than pydantic's own: nothing is turned into something else."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

LARGEST_ID = 2**63 - 1


class Body(Schema):
    """What is sent: a name it does not know is an error, and "1" is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _only_iso_day(given: Any) -> Any:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if isinstance(given, str) and len(given) == len("2026-12-24") and given[4] == "-":
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise ValueError("should be a day like 2026-12-24")


def _only_iso_moment(given: Any) -> Any:
    if isinstance(given, datetime):
        return given
    if isinstance(given, str) and len(given) > len("2026-12-24"):
        try:
            found = datetime.fromisoformat(given)
            return found.astimezone(UTC) if found.tzinfo else _no_zone()
        except (ValueError, OverflowError):
            pass
    raise ValueError("should be a moment with its zone like 2026-12-24T10:00:00+01:00")


def _no_zone() -> None:
    raise ValueError


Day = Annotated[date, BeforeValidator(_only_iso_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime, BeforeValidator(_only_iso_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


Line60 = Annotated[str, StringConstraints(max_length=60, pattern=_ONE_LINE)]
Line100 = Annotated[str, StringConstraints(max_length=100, pattern=_ONE_LINE)]
Line200 = Annotated[str, StringConstraints(max_length=200, pattern=_ONE_LINE)]
Line254 = Annotated[str, StringConstraints(max_length=254, pattern=_ONE_LINE)]
Line500 = Annotated[str, StringConstraints(max_length=500, pattern=_ONE_LINE)]
LONGEST_TEXT = 100_000
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
MaybeText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_/-]+$")]
Language = Annotated[str, StringConstraints(min_length=2, max_length=10, pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
