"""Where each fact of a policy comes from in a database: a stored column, a formula over stored columns, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from goodword.engine.columns import Column
from goodword.engine.compiled import CompiledTable
from goodword.engine.replay.sql.dialects import Dialect
from goodword.engine.replay.sql.formulas import UNKNOWN, Formulas, NotInSql, Piece, constant, stored
from goodword.engine.values import WHOLE
from goodword.engine.vocabulary import Fact, reads

if TYPE_CHECKING:
    from goodword.engine.book import Book


class StoredFacts:
    """The facts of one book over the columns of one table. `told` are those that the call itself tells."""

    def __init__(self, book: Book, columns: frozenset[str], dialect: Dialect, told: Mapping[str, Any]) -> None:
        self.book, self.columns, self.dialect, self.told = book, columns, dialect, told

    def column(self, name: str) -> str:
        """A stored column, as it is named in the query."""
        return f"c.{self.dialect.identifier(name)}"

    def piece(self, name: str, given: Mapping[str, Any], compiled: CompiledTable) -> Piece:
        """A fact as SQL, once earlier tables have given their outputs. Raises NotInSql."""
        if name in given:
            return constant(given[name], self.dialect) if not isinstance(given[name], tuple) else UNKNOWN
        fact = self.book.facts.get(name)
        if fact is None or fact.formula is None:
            return self._plain(name)
        worked_out = self._derived(fact, given, compiled)
        if name not in self.columns:
            return worked_out
        kept = self._plain(name)
        needed = {code for code in reads(name, self.book.vocabulary) if code in self.book.facts}
        base = [code for code in sorted(needed) if self.book.facts[code].formula is None]
        if not set(base) <= {*self.columns, *self.told} or worked_out.text is None:
            return kept
        known = " AND ".join(f"{self.column(code)} IS NOT NULL" for code in base if code not in self.told) or "TRUE"
        one, other = worked_out.text, kept.text
        if worked_out.kind == "number":
            one, other = worked_out.times(), kept.times(worked_out.under)
        text = f"(CASE WHEN {known} THEN {one} ELSE {other} END)"
        return Piece(text, kept.kind, worked_out.under, kept.exact)

    def _plain(self, name: str) -> Piece:
        subject = self.book.facts.get(name) or self.book.outputs.get(name)
        if subject is None:
            return UNKNOWN
        if name not in self.columns:
            return constant(self.told[name], self.dialect) if name in self.told else UNKNOWN
        piece = stored(subject, self.column(name), self.dialect)
        if name in self.told:
            told = constant(self.told[name], self.dialect)
            return Piece(f"COALESCE({piece.text}, {told.text})", piece.kind, 1, piece.exact)
        return piece

    def _derived(self, fact: Fact, given: Mapping[str, Any], compiled: CompiledTable) -> Piece:
        formulas = Formulas(self.dialect, lambda name: self.piece(name, given, compiled), compiled.scope.constants)
        assert fact.formula is not None
        try:
            piece = formulas.piece(fact.formula)
        except NotInSql as error:
            raise NotInSql(f"`{fact.code}` is derived (`{fact.formula_text}`): {error}") from None
        if piece.text is None:
            return UNKNOWN
        if fact.kind == "money":
            return Piece(formulas.rounded("round", piece), "number")
        if piece.under != 1 and (fact.kind in WHOLE or fact.whole):
            raise NotInSql(f"`{fact.code}` (`{fact.formula_text}`) should be whole and may have a fraction")
        return piece

    def always_known(self, name: str, never_empty: frozenset[str]) -> bool:
        """Whether a fact is known in every case, given the columns that are never empty."""
        fact = self.book.facts.get(name)
        if name in never_empty or fact is None or fact.formula is None:
            return name in never_empty
        return all(
            self.always_known(code, never_empty) or code in self.told or code in self.book.outputs
            for code in self.book.inputs_of(fact)
        )

    def missing_outputs(self, column: Column, empty: frozenset[str], given: Mapping[str, Any]) -> list[str] | None:
        """For a column that reads outputs the chain left empty: what else it needs. None if it reads no such output."""
        names = {column.name, *reads(column.name, self.book.vocabulary)}
        if not names & empty:
            return None
        codes = [code for code in sorted(names - empty - set(given)) if code in self.book.facts]
        return [code for code in codes if self.book.facts[code].formula is None and code not in self.told]
