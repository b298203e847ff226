"""The policy engine: read a book, decide, ask, explain, check. Pure Python, no Django, no clock, no network.

>>> from goodword import engine
>>> book = engine.parse_book({
...     "book.yaml": "name: Example\\nroles: [agent]",
...     "facts.yaml": "facts: {opened: {type: yes/no}}\\noutputs: {outcome: {type: choice, values: [allow, refuse]}}",
...     "returns.md": "---\\ntitle: Returns\\nvalid_from: 2026-01-01\\n---\\n## Opened goods\\n<!-- #opened -->\\n\\n"
...         "| U | opened | => | outcome |\\n|---|---|---|---|\\n| 1 | yes | | refuse |\\n| 2 | no | | allow |\\n",
... })
>>> from datetime import date
>>> engine.decide(book, "returns", {"opened": False}, date(2026, 12, 1)).outcome
'allow'
>>> engine.ask(book, "returns", {}, date(2026, 12, 1))
'opened'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from goodword.engine.book import Book, parse_book, read_book, read_files
from goodword.engine.boundary import Boundary
from goodword.engine.checks import check
from goodword.engine.decider import Decider
from goodword.engine.deciding import Shelf, ask, decide, decider, nearest_boundary
from goodword.engine.decision import Decision, TableUse
from goodword.engine.errors import BookError, EngineError, ExpressionError, FactError, MissingWords, NotFound, NotUnique
from goodword.engine.facts import facts_from_json
from goodword.engine.findings import Finding
from goodword.engine.policy import Clause, Policy
from goodword.engine.tables import RuleRef
from goodword.engine.tracing import trace
from goodword.engine.values import Money

if TYPE_CHECKING:
    from goodword.engine import hours
    from goodword.engine.comparing import Comparison, compare
    from goodword.engine.explaining import Explanation, explain
    from goodword.engine.guess import guess_policy
    from goodword.engine.proving import Proof, prove
    from goodword.engine.words import format_date, format_value, say

# Not needed to check a book or to decide: imported when first asked for, so that commands start quickly.
_LATER = {
    "Comparison": "comparing",
    "compare": "comparing",
    "Explanation": "explaining",
    "explain": "explaining",
    "guess_policy": "guess",
    "Proof": "proving",
    "prove": "proving",
    "format_date": "words",
    "format_value": "words",
    "say": "words",
}

__all__ = [
    "Book",
    "BookError",
    "Boundary",
    "Clause",
    "Comparison",
    "Decider",
    "Decision",
    "EngineError",
    "Explanation",
    "ExpressionError",
    "FactError",
    "Finding",
    "MissingWords",
    "Money",
    "NotFound",
    "NotUnique",
    "Policy",
    "Proof",
    "RuleRef",
    "Shelf",
    "TableUse",
    "ask",
    "check",
    "compare",
    "decide",
    "decider",
    "explain",
    "facts_from_json",
    "format_date",
    "format_value",
    "guess_policy",
    "hours",
    "nearest_boundary",
    "parse_book",
    "prove",
    "read_book",
    "read_files",
    "say",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name == "hours":
        return import_module("goodword.engine.hours")
    if name in _LATER:
        return getattr(import_module(f"goodword.engine.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
