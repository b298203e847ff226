"""Every string that code and pages hand to gettext, read from the sources themselves: what a catalogue must know."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

# The functions of gettext, and which of their arguments are text: the context first, then the forms.
_ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_MANY = {"ngettext", "ngettext_lazy"}
_IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_KEYWORDS = dict.fromkeys([*_ONE, *_MANY, *_IN_CONTEXT, "npgettext"])


@dataclass(frozen=True, order=True)
class Text:
    """A string to be translated: its singular, its plural where it counts something, and its context."""

    one: str
    many: str = ""
    context: str = ""


def texts_in(*roots: Path, without: str = r"(?!)") -> dict[Text, str]:
    """Every text in the Python files and pages under `roots`, and where it stands first; `without` leaves paths out."""
    found: dict[Text, str] = {}
    for root in roots:
        for path in sorted([root, *root.rglob("*")] if root.is_dir() else [root]):
            if path.suffix in READERS and not re.search(without, path.as_posix()):
                for text in READERS[path.suffix](path.read_text(encoding="utf-8")):
                    found.setdefault(text, path.as_posix())
    return found


def _of_code(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        name = node.func.id
        if name in _ONE and texts:
            yield Text(texts[0])
        elif name in _MANY and len(texts) > 1:
            yield Text(texts[0], texts[1])
        elif name in _IN_CONTEXT and len(texts) > 1:
            yield Text(texts[1], context=texts[0])


def _of_page(source: str) -> Iterator[Text]:
    """The page as Django's own makemessages sees it: everything that is no string made blank."""
    lines = templatize(source).split("\n")
    code = BytesIO("\n".join(line.strip() for line in lines).encode())
    for _line, name, texts, _comments in extract_python(code, list(_KEYWORDS), (), {"encoding": "utf-8"}):
        texts = (texts,) if isinstance(texts, str) else tuple(each or "" for each in texts)
        if name in _ONE:
            yield Text(texts[0])
        elif name in _MANY:
            yield Text(texts[0], texts[1])
        elif name in _IN_CONTEXT:
            yield Text(texts[1], context=texts[0])


READERS = {".py": _of_code, ".html": _of_page, ".txt": _of_page}
