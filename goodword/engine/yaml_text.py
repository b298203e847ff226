"""YAML that remembers its lines, without the surprises of YAML 1.1.

`yes`, `no`, `on` stay words (a fact's type says what they mean), `09:00` stays text, decimal numbers stay exact,
a key may stand only once, and a small file cannot grow without end by its aliases.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

MAX_DEPTH = 40
MAX_NODES = 100_000
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """The text is not YAML as the book uses it; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


class Map(dict[str, Any]):
    """A mapping that knows on which line it and each of its keys stand."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping itself when it has no such key."""
        return self.lines.get(key, self.line)


class Items(list[Any]):
    """A list that knows on which line each item stands."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class _Loader(_BASE):  # type: ignore[misc]  # the C loader carries no types
    """The safe loader with only the implicit types of this module."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


def _resolve(tag: str, pattern: str, first: str) -> None:
    for letter in first:
        resolvers = _Loader.yaml_implicit_resolvers.setdefault(letter, [])
        resolvers.append((f"tag:yaml.org,2002:{tag}", re.compile(pattern)))


_resolve("bool", r"^(?:true|false)$", "tf")
_resolve("null", r"^(?:null|~)$", "n~")
_resolve("int", r"^[-+]?(?:0|[1-9][0-9_]*)$", "-+0123456789")
_resolve("float", r"^[-+]?[0-9][0-9_]*\.[0-9]+$", "-+0123456789")
_resolve("timestamp", r"^\d{4}-\d{2}-\d{2}$", "0123456789")


def read_yaml(text: str, first_line: int = 1) -> Any:
    """The YAML `text` as Map, Items and plain values; `first_line` is where the text begins in its file.

    Raises YamlError with the line.

    >>> read_yaml("opens: 09:00\\nopened: no\\nrate: 2.50")
    {'opens': '09:00', 'opened': 'no', 'rate': Decimal('2.50')}
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise YamlError(getattr(error, "problem", None) or "this is not YAML", line) from None
    except RecursionError:
        raise YamlError("nested too deeply", first_line) from None
    return None if node is None else _Builder(first_line).build(node, 0)


class _Builder:
    """Turns composed nodes into values; one per text, since it counts them (aliases multiply)."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.count = 0

    def build(self, node: Any, depth: int) -> Any:
        line = self.first_line + node.start_mark.line
        if depth > MAX_DEPTH:
            raise YamlError("nested too deeply", line)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node, line)
        self.count += 1
        if self.count > MAX_NODES:
            raise YamlError("its aliases (& and *) make it grow without end", line)
        return self._map(node, line, depth) if isinstance(node, yaml.MappingNode) else self._items(node, line, depth)

    def _items(self, node: Any, line: int, depth: int) -> Items:
        items = Items(line)
        for child in node.value:
            items.append(self.build(child, depth + 1))
            items.lines.append(self.first_line + child.start_mark.line)
        return items

    def _map(self, node: Any, line: int, depth: int) -> Map:
        result = Map(line)
        for key_node, value_node in node.value:
            key_line = self.first_line + key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError("a key must be a plain word", key_line)
            key = str(key_node.value)
            if key in result:
                raise YamlError(f"`{key}` stands here twice", key_line)
            result[key] = self.build(value_node, depth + 1)
            result.lines[key] = key_line
        return result


def _scalar(node: Any, line: int) -> Any:
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind == "bool":
        return text == "true"
    if kind == "null" or (text == "" and node.style is None):
        return None
    if kind == "int":
        return int(text.replace("_", ""))
    if kind == "float":
        return Decimal(text.replace("_", ""))
    if kind == "timestamp":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise YamlError(f"{text} is not a day of the calendar", line) from None
    return text
