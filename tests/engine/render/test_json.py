"""The book as JSON: it follows its schema, and the same book is read from it again."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from goodword import engine
from goodword.engine.render import book_from_json, book_json, schema
from tests.engine.example import example_book

STARTER = Path(__file__).parents[3] / "goodword" / "packs" / "shop"


@pytest.fixture(params=["example", "starter"])
def book(request: pytest.FixtureRequest) -> engine.Book:
    """A small book and a whole one."""
    return example_book() if request.param == "example" else engine.read_book(STARTER)


def through_text(book: engine.Book) -> Any:
    """What another program reads."""
    return json.loads(json.dumps(book_json(book), ensure_ascii=False))


def test_it_follows_its_published_schema(book: engine.Book) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(schema()).validate(through_text(book))


def test_the_schema_refuses_what_is_no_book() -> None:
    data = through_text(example_book())
    data["policies"][0]["clauses"][0]["kind"] = "wish"
    data["surprise"] = True
    found = sorted(error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(data))
    assert len(found) == 2
    assert "'surprise' was unexpected" in found[1]


def test_the_same_book_is_read_from_it_again(book: engine.Book) -> None:
    again = book_from_json(json.dumps(through_text(book)))
    assert (again.hash, again.rules_hash, again.files) == (book.hash, book.rules_hash, book.files)


def test_every_rule_stands_in_it_with_what_it_beats(book: engine.Book) -> None:
    said = {
        rule["id"]: (rule["when"], rule["then"], rule["beats"])
        for policy in through_text(book)["policies"]
        for decision in policy["decisions"].values()
        for rule in decision["rules"]
    }
    rows = {
        row.ref.id: (dict(row.test_texts), dict(row.output_texts), [table.rows[place].ref.id for place in row.beats])
        for policy in book.policies.values()
        for table in policy.decisions.values()
        for row in table.rows
    }
    assert said == rows


def test_a_changed_text_is_noticed() -> None:
    data = through_text(example_book())
    data["source"]["returns.md"] = data["source"]["returns.md"].replace("Returns", "Exchanges")
    with pytest.raises(engine.BookError, match="not those that `hash` names"):
        book_from_json(data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "this is no book in JSON"),
        ("not json", "this is no book in JSON"),
        ('{"format": 2, "source": {}}', "reads format 1"),
        ('{"format": 1, "source": {"book.yaml": 3}}', "by the names of their files"),
    ],
)
def test_another_document_is_told(text: str, words: str) -> None:
    with pytest.raises(engine.EngineError, match=words):
        book_from_json(text)
