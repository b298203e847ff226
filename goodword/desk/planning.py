"""What will follow from a decision: its actions with department, due day and amount, before anybody has agreed.

The advice shows the plan, the draft names its days, and `actions.following_up` turns it into rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from goodword import engine

_DECISION_DAY = "decision"


@dataclass(frozen=True)
class PlannedAction:
    """One thing to be done. `after` is the action whose end starts this one's time; amounts in smallest units."""

    kind: str
    department: str
    due_on: date | None
    amount_cents: int | None
    currency: str
    after: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "kind": self.kind,
            "department": self.department,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "amount_cents": self.amount_cents,
            "currency": self.currency,
            "after": self.after,
        }


def plan(
    book: engine.Book, outputs: Mapping[str, Any], facts: Mapping[str, Any], day: date, *, currency: str = ""
) -> list[PlannedAction]:
    """The actions that `outputs` asks for in `do`, each due by its parameter on `day`, in the order of the book's list.

    Where `counted_from` names one of them, the refund's days run from that one's end.
    """
    kinds = [kind for kind in outputs.get("do") or () if kind in book.actions]
    planned: dict[str, PlannedAction] = {}
    for kind in kinds:
        planned[kind] = plan_one(book, kind, {**facts, **outputs}, day, currency=currency, before=planned)
    return list(planned.values())


def plan_one(
    book: engine.Book,
    kind: str,
    known: Mapping[str, Any],
    day: date,
    *,
    currency: str = "",
    before: Mapping[str, PlannedAction] | None = None,
) -> PlannedAction:
    """One action of the book, begun on `day`. `known` holds the decision's facts and outputs."""
    action = book.actions[kind]
    amount = known.get(f"{kind.replace('-', '_')}_amount")
    after = _starts_after(kind, known, before or {})
    start = (before or {})[after].due_on if after else day
    return PlannedAction(
        kind=kind,
        department=action.department,
        due_on=due_day(book, kind, known, start or day, on=day),
        amount_cents=int(amount) if amount else None,
        currency=(currency or book.currency) if amount else "",
        after=after,
    )


def due_day(book: engine.Book, kind: str, known: Mapping[str, Any], start: date, *, on: date) -> date | None:
    """When an action that starts on `start` is due; the parameter's value is the one in force `on` that day.

    An output like `refund_days` outweighs the action's own parameter. None if the book gives no time.
    """
    promised = known.get(f"{kind.replace('-', '_')}_days")
    if promised:
        return add_working_days(book, start, int(promised))
    name = book.actions[kind].due
    if not name or name not in book.parameters:
        return None
    return _after(book, start, book.parameter(name, on), book.parameters[name].kind)


def add_working_days(book: engine.Book, day: date, count: int) -> date:
    """The day `count` working days after `day`; weekends, holidays and days without hours do not count."""
    return engine.hours.next_working_day(day, engine.hours.WorkingHours.from_book(book), count)


def _starts_after(kind: str, known: Mapping[str, Any], before: Mapping[str, PlannedAction]) -> str:
    # Only what the book counts in `<kind>_days` is counted from something else than the decision.
    counted_from = str(known.get("counted_from") or _DECISION_DAY)
    return counted_from if f"{kind}_days" in known and counted_from in before else ""


def _after(book: engine.Book, start: date, value: Any, unit: str) -> date:
    if unit == "working_days":
        return add_working_days(book, start, int(value))
    if unit in {"hours", "working_hours"}:
        return start + timedelta(days=ceil(int(value) / 24))
    return start + timedelta(days=int(value))
