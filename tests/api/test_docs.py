"""docs/api.md and docs/import.md say what is so: their examples are run, their tables compared with the code."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from goodword.accounts.api_keys import SCOPES, make_api_key
from goodword.api.urls import api
from goodword.desk.models import Matter
from goodword.orders.columns import KINDS, columns_of
from goodword.orders.imports import run_due
from goodword.orders.models import Import
from tests.world import World

HOUSE = Path(__file__).resolve().parent.parent.parent
PAGES = ("docs/api.md", "docs/import.md")
BLOCK = re.compile(r"```sh\n# (\d{3})\n(.*?)```(?:\n\n```json\n(.*?)```)?", re.DOTALL)
DESK = "http://127.0.0.1:8000"


def text(page: str) -> str:
    return (HOUSE / page).read_text(encoding="utf-8")


def ask(command: str, variables: dict[str, str]) -> Any:
    """What curl would send, sent in this process."""
    for name, value in variables.items():
        command = command.replace(f"${name}", value)
    words = shlex.split(command.replace("\\\n", " "))
    assert words[0] == "curl"
    method, body, url = "", None, ""
    headers: dict[str, str] = {}
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _colon, value = next(rest).partition(": ")
            headers[name] = value
        elif word in {"-d", "--data-binary"}:
            body = next(rest)
        elif word != "-s":
            url = word
    assert url.startswith(DESK), "an option that this test does not know"
    kind = headers.pop("Content-Type", "application/json")
    assert (body is None) or "Content-Type" in command
    method = method or ("GET" if body is None else "POST")
    return Client(headers=headers).generic(method, url.removeprefix(DESK), body or "", content_type=kind)


def lacks(told: Any, answer: Any, place: str = "") -> list[str]:
    """Where what the page tells is not in the answer."""
    if isinstance(told, dict):
        return [
            missing
            for name, value in told.items()
            for missing in (
                lacks(value, answer[name], f"{place}/{name}") if name in answer else [f"{place}/{name} is not there"]
            )
        ]
    if isinstance(told, list) and isinstance(answer, list) and len(answer) >= len(told):
        return [miss for n, each in enumerate(told) for miss in lacks(each, answer[n], f"{place}/{n}")]
    return [] if told == answer else [f"{place}: {told!r} is {answer!r}"]


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_answered_as_the_page_says(world: World, lamp: Matter, page: str) -> None:
    _, secret = make_api_key("docs", world.ida, SCOPES, None)
    variables = {
        "DESK": DESK, "KEY": secret, "NUMBER": str(lamp.conversation.number), "MATTER": str(lamp.pk),
        "MESSAGE": str(lamp.conversation.messages.get().pk), "PERSON": str(world.freja.pk),
    }  # fmt: skip
    examples = BLOCK.findall(text(page))
    assert len(examples) >= 4
    for status, command, told in examples:
        if begun := Import.objects.first():
            variables["IMPORT"] = str(begun.pk)
            run_due()
        answer = ask(command, variables)
        assert (answer.status_code, command) == (int(status), command), answer.content
        if told:
            assert lacks(json.loads(told), answer.json()) == [], command


def test_every_shell_block_is_an_example_that_is_run() -> None:
    for page in PAGES:
        assert text(page).count("```sh\n") == len(BLOCK.findall(text(page)))


def test_the_page_lists_every_scope_and_no_other() -> None:
    assert re.findall(r"^\| `([a-z]+:[a-z]+)`", text("docs/api.md"), re.MULTILINE) == list(SCOPES)


def test_the_page_names_every_address(world: World) -> None:
    told = text("docs/api.md")
    paths = [path.removeprefix("/api/v1") for path in api.get_openapi_schema(path_prefix="/api/v1/")["paths"]]
    assert len(paths) > 30
    ends = [path if path in told else f"…/{path.rpartition('}/')[2]}" for path in paths]
    assert [end for end in ends if end not in told] == []


def test_the_page_names_every_kind_of_problem_and_no_other() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (HOUSE / "goodword/api").glob("*.py"))
    code += (HOUSE / "goodword/desk/errors.py").read_text(encoding="utf-8")
    raised = set(re.findall(r'\bkind ?= ?"([a-z-]+)"', code))
    section = text("docs/api.md").partition("## Errors")[2].partition("## What would")[0]
    told = {word for row in re.findall(r"^\| \d.*", section, re.MULTILINE) for word in re.findall(r"`([a-z-]+)`", row)}
    assert told == raised - {"mail", "phone"}, "which are kinds of addresses"


def test_the_page_of_imports_names_every_column(world: World) -> None:
    told = set(re.findall(r"`([a-z_]+)(?:\.\w+)?`", text("docs/import.md")))
    columns = {name.partition(".")[0] for kind in KINDS for name in columns_of(kind)}
    assert columns - told == set()
