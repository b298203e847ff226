"""Derived facts as SQL, in whole numbers over a constant one, so that no database rounds where the book does not.

Unknown is NULL: SQL's comparisons, `and`, `or`, `not` follow the same three-valued logic as the book's expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import gcd
from typing import Any

from goodword.engine.columns import is_whole
from goodword.engine.errors import EngineError
from goodword.engine.feel.syntax import Binary, Call, If, Literal, Name, Negative, Node
from goodword.engine.replay.sql.dialects import Dialect
from goodword.engine.values import CHOICES, NUMERIC
from goodword.engine.vocabulary import Fact, Output


class NotInSql(EngineError):
    """Something of the book that cannot be said in SQL with the same meaning; it is replayed in process."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of SQL. `kind` is number, day, truth or word; a number is `text` times `factor`, over `under`.

    `exact` numbers are whole; others are stored with fractions and may only be compared. No `text`: nothing is known.
    """

    text: str | None
    kind: str
    under: int = 1
    exact: bool = True
    factor: int = 1

    def times(self, by: int = 1) -> str:
        """The number's upper part as SQL, `by` times as large."""
        by *= self.factor
        if self.text == "1":
            return str(by) if by >= 0 else f"({by})"
        return str(self.text) if by == 1 else f"({self.text} * {by})" if by >= 0 else f"({self.text} * ({by}))"

    def over(self, factor: int, under: int) -> Piece:
        """The same text with another factor and divisor, in lowest terms."""
        common = gcd(factor, under) or 1
        return replace(self, factor=factor // common, under=under // common)


UNKNOWN = Piece(None, "unknown")
Read = Callable[[str], Piece]
SIGNS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def stored(subject: Fact | Output, column: str, dialect: Dialect) -> Piece:
    """A stored column of a fact. Raises NotInSql for kinds that databases store in ways of their own."""
    kind = subject.kind
    if kind in NUMERIC:
        exact = is_whole(subject)
        return Piece(f"CAST({column} AS BIGINT)" if exact else column, "number", 1, exact)
    if kind == "date":
        return Piece(dialect.day(column), "day")
    if kind == "yes/no":
        return Piece(column, "truth")
    if kind in CHOICES or kind == "text":
        return Piece(column, "word")
    raise NotInSql(f"`{subject.code}` is a {kind}, which databases store in ways of their own")


def constant(value: Any, dialect: Dialect) -> Piece:
    """A known value."""
    if isinstance(value, bool):
        return Piece(dialect.literal(value), "truth")
    if isinstance(value, int | Decimal):
        upper, under = value.as_integer_ratio()
        return Piece("1", "number", under, True, upper)
    if isinstance(value, date) and type(value) is date:
        return Piece(dialect.literal(value), "day")
    if isinstance(value, str):
        return Piece(dialect.literal(value), "word")
    raise NotInSql(f"{value!r} cannot be written in SQL")


@dataclass(frozen=True, slots=True)
class Formulas:
    """Turns expressions into SQL; `read` gives the piece for a fact, `constants` are the parameters' values."""

    dialect: Dialect
    read: Read
    constants: Mapping[str, Any]

    def piece(self, node: Node) -> Piece:
        """An expression as SQL. Raises NotInSql."""
        match node:
            case Literal():
                return constant(node.value, self.dialect)
            case Name():
                if node.name in self.constants:
                    return constant(self.constants[node.name], self.dialect)
                return self.read(node.name)
            case Negative():
                return self._arithmetic("*", constant(-1, self.dialect), self.piece(node.operand))
            case Binary(operator="and" | "or"):
                return self._logic(node)
            case Binary(operator="+" | "-" | "*" | "/"):
                return self._arithmetic(node.operator, self.piece(node.left), self.piece(node.right))
            case Binary() if node.operator in SIGNS:
                return Piece(self.compared(self.piece(node.left), node.operator, self.piece(node.right)), "truth")
            case Call():
                return self._call(node.function, [self.piece(argument) for argument in node.arguments])
            case If():
                return self._if(*(self.piece(part) for part in (node.condition, node.then, node.otherwise)))
        raise NotInSql("this expression has no counterpart in SQL")

    def compared(self, left: Piece, operator: str, right: Piece) -> str | None:
        """A comparison; None if one side is not known."""
        if left.text is None or right.text is None:
            return None
        if left.kind != right.kind or left.kind == "truth":
            raise NotInSql(f"a {left.kind} compared with a {right.kind}")
        if left.kind == "word" and operator not in ("=", "!="):
            raise NotInSql("words are compared by rank")
        if left.kind != "number":
            return f"({left.text} {SIGNS[operator]} {right.text})"
        one, other = left.times(right.under), right.times(left.under)
        return f"({one} {SIGNS[operator]} {other})"

    def _logic(self, node: Binary) -> Piece:
        parts = [self.piece(node.left), self.piece(node.right)]
        texts = [part.text or "NULL" for part in parts]
        if any(part.kind not in ("truth", "unknown") for part in parts):
            raise NotInSql("yes or no is wanted here")
        return Piece(f"({texts[0]} {node.operator.upper()} {texts[1]})", "truth")

    def _arithmetic(self, operator: str, left: Piece, right: Piece) -> Piece:
        if left.text is None or right.text is None:
            return UNKNOWN
        if left.kind == "day" or right.kind == "day":
            return self._days(operator, left, right)
        if left.kind != "number" or right.kind != "number":
            raise NotInSql("only numbers and days are computed with")
        if not (left.exact and right.exact):
            raise NotInSql("a number stored with fractions is computed with, and databases round differently")
        factor, under = left.factor * right.factor, left.under * right.under
        if operator == "/":
            return _divided(left, right)
        if operator == "*":
            both = [str(piece.text) for piece in (left, right) if piece.text != "1"]
            text = "1" if not both else both[0] if len(both) == 1 else f"({both[0]} * {both[1]})"
            return Piece(text, "number").over(factor, under)
        return Piece(f"({left.times(right.under)} {operator} {right.times(left.under)})", "number", under)

    def _days(self, operator: str, left: Piece, right: Piece) -> Piece:
        if left.kind == "day" and right.kind == "number" and right.under == 1 and operator in ("+", "-"):
            count = right.times(1 if operator == "+" else -1)
            return Piece(self.dialect.add_days(str(left.text), count), "day")
        raise NotInSql("days are computed with in another way than by adding a number to one")

    def _call(self, function: str, parts: list[Piece]) -> Piece:
        if any(part.text is None for part in parts) and function != "not":
            return UNKNOWN
        texts = [str(part.text) for part in parts]
        if function == "not":
            return Piece(f"(NOT {parts[0].text})", "truth") if parts[0].text else UNKNOWN
        if function == "days_between" and all(part.kind == "day" for part in parts):
            return Piece(self.dialect.days_between(*texts), "number")
        if function == "add_days" and [part.kind for part in parts] == ["day", "number"]:
            return self._days("+", *parts)
        if function in ("floor", "ceiling", "abs", "round") and len(parts) == 1 and parts[0].kind == "number":
            return self._whole(function, parts[0])
        if function in ("min", "max") and all(part.kind == "number" and part.under == 1 for part in parts):
            return self._extreme(function, parts)
        raise NotInSql(f"`{function}` has no counterpart in SQL that gives the same on every database")

    def _whole(self, function: str, part: Piece) -> Piece:
        if not part.exact:
            raise NotInSql("a number stored with fractions is rounded, and databases round differently")
        if function == "abs":
            return Piece(f"abs({part.times()})", "number", part.under)
        return Piece(self.rounded(function, part), "number")

    def rounded(self, how: str, part: Piece) -> str:
        """A fraction as a whole number: "floor", "ceiling", or "round" (halves away from zero, as money is settled)."""
        under = part.under
        if under == 1:
            return part.times()
        if how == "floor":
            return self._floor(part.times(), under)
        if how == "ceiling":
            return f"(-{self._floor(part.times(-1), under)})"
        up, down = (self._floor(f"{part.times(2 * sign)} + {under}", 2 * under) for sign in (1, -1))
        return f"(CASE WHEN {part.times()} < 0 THEN -{down} ELSE {up} END)"

    def _floor(self, number: str, by: int) -> str:
        # Databases cut towards zero; taking off the remainder first leaves a multiple, which all divide alike.
        return f"({self.dialect.divide(f'{number} - (({number}) % {by} + {by}) % {by}', by)})"

    def _extreme(self, function: str, parts: list[Piece]) -> Piece:
        text = parts[0].times()
        sign = "<" if function == "min" else ">"
        for part in parts[1:]:  # a NULL on either side stays NULL, which LEAST and GREATEST do not promise
            other = part.times()
            text = f"(CASE WHEN {text} {sign}= {other} THEN {text} WHEN {other} {sign} {text} THEN {other} END)"
        return Piece(text, "number", 1, all(part.exact for part in parts))

    def _if(self, condition: Piece, then: Piece, otherwise: Piece) -> Piece:
        known = next((part for part in (then, otherwise) if part.text is not None), None)
        if known is None:
            return UNKNOWN
        under = then.under * otherwise.under
        one, other = (
            "NULL" if part.text is None else part.times(under // part.under) if part.kind == "number" else part.text
            for part in (then, otherwise)
        )
        if {part.kind for part in (then, otherwise)} - {"unknown"} != {known.kind} or condition.kind not in (
            "truth", "unknown",
        ):  # fmt: skip
            raise NotInSql("`if` gives values of two kinds")
        exact = then.exact and otherwise.exact
        asked = condition.text or "NULL"
        text = f"(CASE WHEN {asked} THEN {one} WHEN NOT {asked} THEN {other} WHEN {one} = {other} THEN {one} END)"
        return Piece(text, known.kind, under, exact)


def _divided(left: Piece, right: Piece) -> Piece:
    if right.text != "1":
        raise NotInSql("it is divided by something that is no constant")
    if right.factor == 0:
        raise NotInSql("it is divided by zero")
    sign = -1 if right.factor < 0 else 1
    return left.over(sign * left.factor * right.under, left.under * abs(right.factor))
