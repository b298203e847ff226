"""XML from strangers: elements, attributes and text; never a document type, an entity or anything outside the file."""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from goodword.engine.dmn.model import ModelError

MAX_TEXT = 5_000_000
MAX_DEPTH = 100


def read_xml(text: str | bytes) -> Element:
    """The root element; names are `{namespace}local`. Raises ModelError, with the line where there is one.

    >>> read_xml("<a><b/></a>").tag
    'a'
    """
    data = text.encode() if isinstance(text, str) else text
    if len(data) > MAX_TEXT:
        raise ModelError(f"larger than {MAX_TEXT // 1_000_000} MB")
    parser = expat.ParserCreate(None if isinstance(text, bytes) else "utf-8", "}")
    builder, depth = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ModelError(f"line {parser.CurrentLineNumber}: elements nested deeper than {MAX_DEPTH}")
        builder.start(_braced(name), {_braced(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_braced(name))

    def refuse(*_: object) -> NoReturn:
        raise ModelError(f"line {parser.CurrentLineNumber}: a document type or an entity: a DMN model needs neither")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    parser.UnparsedEntityDeclHandler = parser.SkippedEntityHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ModelError(f"line {error.lineno}: this is not XML: {expat.ErrorString(error.code)}") from None
    except (LookupError, ValueError) as error:
        raise ModelError(f"this is not XML: {error}") from None
    root: Element = builder.close()
    return root


def _braced(name: str) -> str:
    return "{" + name if "}" in name else name
