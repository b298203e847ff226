"""Everything the engine raises, as one small tree.

EngineError
├── BookError         the book cannot be run; `.findings` says where and why
├── NotFound          a policy, decision, clause, parameter or say block that is not in the book
├── FactError         a fact that is unknown to the book or has a value of the wrong kind
├── ExpressionError   a cell or a `from:` that cannot be read or computed
├── NotUnique         two rules that both hold and neither overrides the other
└── MissingWords      a say block whose placeholders have no value; `.names` lists them
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.engine.findings import Finding


class EngineError(Exception):
    """The root: whoever calls the engine may catch this one."""


class BookError(EngineError):
    """The book has mistakes that stop it from being run."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class NotFound(EngineError):
    """Something was asked of the book that it does not contain."""


class FactError(EngineError):
    """A fact that the book does not know, or a value that the fact cannot have."""


class ExpressionError(EngineError):
    """An expression that cannot be read, or has no value; `column` counts from 1, 0 if not known."""

    def __init__(self, message: str, column: int = 0) -> None:
        self.column = column
        super().__init__(message)


class NotUnique(EngineError):
    """More than one rule holds, and none of them is the exception."""

    def __init__(self, decision: str, rows: Sequence[str]) -> None:
        self.decision, self.rows = decision, tuple(rows)
        super().__init__(f"{decision}: the rules {' and '.join(rows)} both hold, and neither overrides the other")


class MissingWords(EngineError):
    """A say block names values that nobody supplied."""

    def __init__(self, block: str, names: Sequence[str]) -> None:
        self.block, self.names = block, list(names)
        super().__init__(f"{block}: no value for {', '.join(self.names)}")


def near(word: str, known: Sequence[str]) -> str:
    """A hint that names what was probably meant.

    >>> near("categry", ["category", "opened"])
    'did you mean `category`?'
    >>> near("zzz", ["category", "opened"])
    'known are: category, opened'
    """
    matches = get_close_matches(word, known, n=3, cutoff=0.6)
    if matches:
        return f"did you mean {' or '.join(f'`{match}`' for match in matches)}?"
    listed = sorted(known)
    shown = ", ".join(listed[:12]) + (", …" if len(listed) > 12 else "")
    return f"known are: {shown}" if listed else "none is known"
