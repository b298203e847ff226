"""The DMN conformance kit, level 2: every model is read, every one of its test cases run."""

import os
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from goodword.engine import dmn
from goodword.engine.dmn.model import Table
from goodword.engine.dmn.safe_xml import read_xml

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
KIT = Path(os.environ.get("DMN_KIT", SHARED / "dmn-tck")) / "compliance-level-2"
MODELS = sorted(KIT.glob("*/*.dmn"))
TESTS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
READERS: dict[str, Any] = {
    "decimal": Decimal, "integer": int, "double": Decimal, "string": str, "boolean": lambda text: text == "true",
    "date": date.fromisoformat, "dateTime": datetime.fromisoformat,
}  # fmt: skip


def value(node: Element) -> Any:
    """A value as the kit writes it: a plain one, a list, or a record of components."""
    components = node.findall(f"{TESTS}component")
    if components:
        return {component.get("name"): value(component) for component in components}
    listed = node.find(f"{TESTS}list")
    if listed is not None:
        return [value(item) for item in listed.findall(f"{TESTS}item")]
    plain = node.find(f"{TESTS}value")
    if plain is None or plain.get(f"{XSI}nil") == "true":
        return None
    return READERS[(plain.get(f"{XSI}type") or "xsd:string").rpartition(":")[2]](plain.text or "")


def agree(found: Any, expected: Any) -> bool:
    """Equal; numbers to 8 digits, because the kit rounds; lists in their order."""
    if isinstance(expected, dict):
        same_fields = isinstance(found, dict) and found.keys() == expected.keys()
        return same_fields and all(agree(found[name], expected[name]) for name in expected)
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(agree, found, expected))
    if isinstance(expected, Decimal) and isinstance(found, int | Decimal) and not isinstance(found, bool):
        return abs(Decimal(found) - expected) <= max(abs(expected), Decimal(1)) * Decimal("1e-8")
    return type(found) is type(expected) and bool(found == expected)


def results(path: Path) -> Iterator[tuple[str, Any, Any, Any]]:
    """Each result a model's test files ask for: (where, found, expected, problems)."""
    model = dmn.read_dmn(path.read_bytes())
    for file in sorted(path.parent.glob("*-test-*.xml")):
        for case in read_xml(file.read_bytes()).findall(f"{TESTS}testCase"):
            given = {node.get("name", ""): value(node) for node in case.findall(f"{TESTS}inputNode")}
            for node in case.findall(f"{TESTS}resultNode"):
                expected = node.find(f"{TESTS}expected")
                assert expected is not None
                found = dmn.run(model, node.get("name", ""), given)
                yield f"{file.stem} {case.get('id')} {node.get('name')}", found.value, value(expected), found.problems


def failures(path: Path) -> list[Any]:
    return [result for result in results(path) if not agree(result[1], result[2])]


def has_table(path: Path) -> bool:
    return any(isinstance(one.body, Table) for one in dmn.read_dmn(path.read_bytes()).decisions.values())


without_kit = pytest.mark.skipif(not MODELS, reason=f"there is no DMN kit in {KIT}")


@without_kit
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_model_decides_as_the_kit_expects(path: Path) -> None:
    assert failures(path) == []


@without_kit
def test_how_many_models_pass() -> None:
    passed = [path for path in MODELS if not failures(path)]
    tables = [path for path in MODELS if has_table(path)]
    asked = sum(len(list(results(path))) for path in MODELS)
    print(f"\nDMN kit level 2: {len(passed)} of {len(MODELS)} models ({asked} results asked for), "
          f"{len(set(tables) & set(passed))} of {len(tables)} with decision tables")  # fmt: skip
    assert set(tables) <= set(passed)
