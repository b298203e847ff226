"""The grammar's parsing tables, kept in `grammar.json`, since working them out takes longer than checking a small book.

`python -m goodword.engine.feel.prepared` writes them anew after a change to the grammar; until then the grammar itself
is read, only slower.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

GRAMMAR = Path(__file__).with_name("grammar.lark")
TABLES = GRAMMAR.with_suffix(".json")
OPTIONS: dict[str, Any] = {"parser": "lalr", "start": ["expression", "unary_tests"], "maybe_placeholders": False}


def load(builder: Any) -> lark.Lark:
    """The parser that hands what it reads to `builder`."""
    grammar = GRAMMAR.read_text(encoding="utf-8")
    try:
        kept = json.loads(TABLES.read_text(encoding="utf-8"), object_pairs_hook=_numbered)
    except (OSError, ValueError):
        kept = {}
    if kept.get("of") == _name(grammar):
        ready: lark.Lark = lark.Lark.__new__(lark.Lark)
        ready._load({"data": kept["data"], "memo": kept["memo"]}, transformer=builder)
        return ready
    return lark.Lark(grammar, transformer=builder, **OPTIONS)


def _numbered(pairs: list[tuple[str, Any]]) -> dict[str | int, Any]:
    """A JSON object whose keys may be numbers, which JSON writes as text."""
    return {int(key) if key.isdigit() else key: value for key, value in pairs}


def _name(grammar: str) -> str:
    """What the tables belong to: this grammar, read by this version of lark."""
    return hashlib.sha256(f"{lark.__version__} {OPTIONS} {grammar}".encode()).hexdigest()


def prepared() -> str:
    """The text that `grammar.json` should hold."""
    grammar = GRAMMAR.read_text(encoding="utf-8")
    data, memo = lark.Lark(grammar, **OPTIONS).memo_serialize([TerminalDef, Rule])
    kept = {"of": _name(grammar), "data": data, "memo": memo}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), default=list) + "\n"


if __name__ == "__main__":
    TABLES.write_text(prepared(), encoding="utf-8")
