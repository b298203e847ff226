"""The published schema is the format that is read."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from goodword.imports.format import HistoryConversation, history_schema
from tests.imports.desk_lines import FULL, line

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "history.schema.json"


def test_the_published_schema_is_the_one_that_is_read() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == history_schema()


def test_the_schema_is_a_valid_one() -> None:
    jsonschema.Draft202012Validator.check_schema(history_schema())


def test_every_field_of_the_format_is_in_the_full_example_or_has_a_default() -> None:
    read = HistoryConversation.model_validate(FULL)
    assert set(FULL) == set(HistoryConversation.model_fields)
    assert read.messages[2].at is not None
    assert read.messages[2].at.microsecond == 123456


WRONG: dict[str, dict[str, Any]] = {
    "no id": {"source": "a", "messages": []},
    "no messages": {"source": "a", "id": "1"},
    "an unknown field": line(colour="red"),
    "an unknown state": line(state="half"),
    "an empty id": line(id=""),
    "a language that is none": line(language="English"),
    "an unknown direction": line(messages=[{"direction": "up", "text": "x"}]),
    "a number for an id": line(id=7),
    "a long subject": line(subject="x" * 501),
    "no mail address": line(person={"mails": ["nobody"]}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_schema_refuses_is_refused_when_read(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(WRONG[name], history_schema())
    with pytest.raises(ValidationError):
        HistoryConversation.model_validate_json(json.dumps(WRONG[name]))


@pytest.mark.parametrize("right", [FULL, line(), line(messages=[]), line(state="open", language="pt-BR")])
def test_what_the_schema_takes_is_read(right: dict[str, Any]) -> None:
    jsonschema.validate(right, history_schema())
    assert HistoryConversation.model_validate_json(json.dumps(right)).id == right["id"]


def test_a_moment_without_an_offset_is_refused() -> None:
    wrong = deepcopy(FULL)
    wrong["messages"][0]["at"] = "2024-05-01T10:00:00"
    with pytest.raises(ValidationError, match="timezone"):
        HistoryConversation.model_validate(wrong)
