"""The house keeps its own rules: keys point down, doors never write, rooms stay small."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

HOUSE = Path(__file__).resolve().parent.parent
PACKAGE = HOUSE / "goodword"
ROOMS_FROM_BELOW = [
    "journal",
    "accounts",
    "people",
    "policies",
    "orders",
    "desk",
    "promises",
    "channels",
    "notifications",
    "imports",
    "search",
]
SIBLINGS = [
    {"people", "policies"}, {"promises", "channels"}, {"notifications", "imports"}, {"notifications", "search"},
    {"imports", "search"},
]  # fmt: skip
DOORS = ["web", "portal", "api", "ops"]
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 50, 160
OUR_FILES = {".py", ".css", ".js", ".html"}


def our_files(*endings: str) -> list[Path]:
    kept = [path for folder in (PACKAGE, HOUSE / "tests") for path in folder.rglob("*") if path.suffix in endings]
    return sorted(path for path in kept if "migrations" not in path.parts and "__pycache__" not in path.parts)


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {
        str(path.relative_to(HOUSE)): lines
        for path in our_files(*OUR_FILES)
        if (lines := line_count(path)) > LONGEST_FILE
    }
    assert long == {}


def test_no_template_is_longer_than_its_limit() -> None:
    long = {path.name: lines for path in our_files(".html") if (lines := line_count(path)) > LONGEST_TEMPLATE}
    assert long == {}


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = {
        f"{path.relative_to(HOUSE)}:{function.name}": length
        for path in our_files(".py")
        for function in functions_of(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_foreign_key_points_down_or_stays_in_its_room() -> None:
    rank = {room: number for number, room in enumerate(ROOMS_FROM_BELOW)}
    upward = [
        f"{model.__module__}.{model.__name__}.{field.name} -> {target}"
        for model in apps.get_models()
        if (room := model._meta.app_label) in rank
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if (target := field.related_model._meta.app_label) in rank
        if room != target and (rank[target] > rank[room] or {room, target} in SIBLINGS)
    ]
    assert upward == []


@pytest.mark.parametrize("door", ["web", "portal", "api"])
def test_a_door_never_writes_to_the_database(door: str) -> None:
    writing = [
        f"{path.relative_to(HOUSE)}:{call.lineno} {ast.unparse(call.func)}()"
        for path in sorted((PACKAGE / door).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and writes_rows(call)
    ]
    assert writing == []


def writes_rows(call: ast.Call) -> bool:
    """`x.objects.create()` and its kin, or a bare `row.save()`, `row.delete()`."""
    if not isinstance(call.func, ast.Attribute):
        return False
    through_manager = call.func.attr in WRITES and ".objects" in ast.unparse(call.func)
    return through_manager or (call.func.attr in {"save", "delete"} and not call.args)


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    silent = [
        str(path.relative_to(HOUSE))
        for path in our_files(".py")
        if path.is_relative_to(PACKAGE)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_public_function_has_a_docstring() -> None:
    silent = [
        f"{path.relative_to(HOUSE)}:{node.name}"
        for path in our_files(".py")
        if path.is_relative_to(PACKAGE)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "handler"}
    assert [str(path) for path in our_files(".py") if path.stem in empty] == []


def test_templates_hold_no_inline_script_or_style_and_load_nothing_from_elsewhere() -> None:
    forbidden = re.compile(
        r"""<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|["']javascript:|src=["']https?:"""
    )
    found = [
        f"{path.relative_to(HOUSE)}:{number}"
        for path in our_files(".html")
        if "mail" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if forbidden.search(line)
    ]
    assert found == []


def test_the_journal_has_no_foreign_keys() -> None:
    relations = [field.name for field in apps.get_model("journal", "Event")._meta.get_fields() if field.is_relation]
    assert relations == []
