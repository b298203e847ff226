"""FEEL, the expression language of DMN 1.5, as far as a policy book needs it.

`parse` turns text into the nodes of `syntax`; `kinds` finds mistakes of type before anything runs; `evaluate` turns
nodes into functions once, so that deciding only calls them. Unknown facts stay unknown (three-valued logic).
"""

from goodword.engine.feel.evaluate import Scope, compile_expression, missing_names
from goodword.engine.feel.parse import parse_expression, parse_tests
from goodword.engine.feel.syntax import Node, names_in

__all__ = ["Node", "Scope", "compile_expression", "missing_names", "names_in", "parse_expression", "parse_tests"]
