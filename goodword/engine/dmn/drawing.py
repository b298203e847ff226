"""The diagram of a model: what is decided on top, what it needs below it (DMN diagram interchange)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

DMNDI = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
WIDTH, HEIGHT, ACROSS, DOWN = 180, 60, 220, 140  # pixels: a shape, and from one to the next


def draw(root: Element, needs: Mapping[str, Sequence[str]]) -> None:
    """Adds one shape for each element that can be drawn, in rows by how much must be known before it, and arrows."""
    drawn = [element for element in root if element.tag in ("decision", "inputData")]
    depth = depths([element.get("id", "") for element in drawn], needs)
    places: dict[str, tuple[int, int]] = {}
    filled: dict[int, int] = {}
    for element in drawn:
        code = element.get("id", "")
        row = max(depth.values(), default=0) - depth[code]
        places[code] = (40 + ACROSS * filled.get(row, 0), 40 + DOWN * row)
        filled[row] = filled.get(row, 0) + 1
    root.set("xmlns:dmndi", DMNDI)
    root.set("xmlns:dc", DC)
    root.set("xmlns:di", DI)
    diagram = SubElement(SubElement(root, "dmndi:DMNDI"), "dmndi:DMNDiagram", id="diagram")
    for code, (x, y) in places.items():
        shape = SubElement(diagram, "dmndi:DMNShape", id=f"s_{code}", dmnElementRef=code)
        SubElement(shape, "dc:Bounds", x=str(x), y=str(y), width=str(WIDTH), height=str(HEIGHT))
    _arrows(diagram, drawn, places)


def _arrows(diagram: Element, drawn: Sequence[Element], places: Mapping[str, tuple[int, int]]) -> None:
    for element in drawn:
        code = element.get("id", "")
        for number, arrow in enumerate(element.findall("informationRequirement")):
            source = next(iter(arrow)).get("href", "").lstrip("#")
            arrow.set("id", f"n_{code}_{number}")
            edge = SubElement(diagram, "dmndi:DMNEdge", id=f"e_{code}_{number}", dmnElementRef=f"n_{code}_{number}")
            for (x, y), lower in ((places[source], 0), (places[code], HEIGHT)):
                SubElement(edge, "di:waypoint", x=str(x + WIDTH // 2), y=str(y + lower))


def depths(codes: Sequence[str], needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many steps must come before each: 0 for what needs nothing."""
    found: dict[str, int] = {}

    def depth(code: str, above: frozenset[str]) -> int:
        if code not in found:
            inner = [depth(need, above | {code}) for need in needs.get(code, ()) if need not in above]
            found[code] = 1 + max(inner, default=-1)
        return found[code]

    for code in codes:
        depth(code, frozenset())
    return found
