"""The nearest boundary: which value of which fact would have given another outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from goodword.engine.values import coerce, seconds_of, to_plain

if TYPE_CHECKING:
    from goodword.engine.columns import Cell, OrderedColumn
    from goodword.engine.compiled import CompiledTable


@dataclass(frozen=True, slots=True)
class Boundary:
    """The other outcome holds where the fact is `kind` ("at_most", "at_least", "below", "above") `limit`."""

    fact: str
    value: Any
    limit: Any
    kind: str
    other_outcome: str | None
    value_kind: str = "number"
    label: Mapping[str, str] | None = None
    outcome_labels: Mapping[str, str] | None = None
    currency: str = "EUR"

    def sentence(self, language: str) -> str:
        """The boundary in words: "Days since delivery: until 30 it would be allow; it is 34"."""
        from goodword.engine.languages import phrases  # words are needed only when somebody reads them

        return phrases(language).boundary(self)

    def to_json(self) -> dict[str, Any]:
        """The boundary as plain values."""
        plain: dict[str, Any] = to_plain(asdict(self))
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Boundary:
        """The boundary that `to_json` wrote."""
        values = dict(data)
        for name in ("value", "limit"):
            values[name] = coerce(values["value_kind"], values[name])
        return cls(**values)


def find_boundary(compiled: CompiledTable, values: Mapping[str, Any], outcome: str, currency: str) -> Boundary | None:
    """The nearest boundary of `outcome` among the ordered columns, `values` being those of all known columns.

    Near is measured by the share of the limit that lies between: 34 days and a limit of 30 are 4/30 apart.
    """
    from goodword.engine.columns import OrderedColumn

    masks = {column.name: column.look_up(values[column.name]) for column in compiled.columns if column.name in values}
    best: tuple[float, Boundary] | None = None
    for column in compiled.columns:
        if not isinstance(column, OrderedColumn) or column.name not in values:
            continue
        rest = compiled.full
        for name, mask in masks.items():
            rest &= mask if name != column.name else compiled.full
        for other in compiled.columns:
            rest &= compiled.full if other.name in values else other.dash
        for found in _both_ways(compiled, column, (values[column.name], currency), rest, outcome):
            if best is None or found[0] < best[0]:
                best = found
    return best[1] if best else None


def _both_ways(
    compiled: CompiledTable, column: OrderedColumn, amount: tuple[Any, str], rest: int, outcome: str
) -> list[tuple[float, Boundary]]:
    value, currency = amount
    here = column.place(value)
    if here < 0:
        return []
    found = []
    for way, cells in ((-1, column.cells[:here][::-1]), (1, column.cells[here + 1 :])):
        for cell in cells:
            outputs = compiled.answer(rest & cell.mask).outputs
            other = outputs.get("outcome") if outputs else None
            if isinstance(other, str) and other != outcome:
                limit, kind = _limit(cell, way, whole=column.whole)
                words = compiled.table.outputs["outcome"].values.get(other, {})
                boundary = Boundary(
                    column.name,
                    value,
                    limit,
                    kind,
                    other,
                    column.subject.kind,
                    dict(column.subject.labels),
                    dict(words),
                    currency,
                )
                found.append((_distance(value, limit), boundary))
                break
    return found


def _limit(cell: Cell, way: int, *, whole: bool) -> tuple[Any, str]:
    """Where the other outcome begins, seen from the value: for whole numbers and dates the last value that has it."""
    if cell.single:
        return cell.sample, "at_most" if way < 0 else "at_least"
    edge = cell.high if way < 0 else cell.low
    if whole and isinstance(edge, int):
        return edge + way, "at_most" if way < 0 else "at_least"
    if isinstance(edge, date) and not isinstance(edge, datetime):
        return edge + timedelta(days=way), "at_most" if way < 0 else "at_least"
    return edge, "below" if way < 0 else "above"


def _distance(value: Any, limit: Any) -> float:
    if isinstance(value, date) and not isinstance(value, datetime):
        days: int = (value - limit).days
        return abs(days) / 30
    if isinstance(value, time):
        return abs(seconds_of(value) - seconds_of(limit)) / 86_400
    gap = abs(value - limit)
    if isinstance(gap, timedelta):
        return float(gap / timedelta(days=1))
    return float(gap) / max(float(abs(limit)), 1.0)
