"""The book as one JSON document with a published schema, for programs that are not Goodword."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from goodword.engine.book import Book, parse_book
from goodword.engine.errors import BookError, EngineError
from goodword.engine.findings import Notes
from goodword.engine.parameters import Parameter
from goodword.engine.policy import Clause, Policy
from goodword.engine.tables import DecisionTable
from goodword.engine.values import to_plain
from goodword.engine.vocabulary import Action, Fact, Output

FORMAT = 1  # raised when something is taken away or changes its meaning; additions do not raise it


def book_json(book: Book) -> dict[str, Any]:
    """The whole book as plain values; `source` holds its texts, from which the same book is read again.

    Amounts are in the smallest unit of their currency, dates in ISO 8601, cells as they are written.
    """
    return {
        "format": FORMAT,
        "name": book.name,
        "hash": book.hash,
        "rules_hash": book.rules_hash,
        "text_hash": book.text_hash,
        "languages": list(book.languages),
        "currency": book.currency,
        "time_zone": book.time_zone,
        "roles": {code: dict(words) for code, words in book.settings.roles.items()},
        "departments": {code: dict(words) for code, words in book.departments.items()},
        "precedence": list(book.settings.precedence),
        "facts": {code: _fact(fact) for code, fact in book.facts.items()},
        "outputs": {code: _output(output) for code, output in book.outputs.items()},
        "actions": {code: _action(action) for code, action in book.actions.items()},
        "parameters": {code: _parameter(one) for code, one in book.parameters.items()},
        "policies": [
            _policy(policy) for policy in sorted(book.policies.values(), key=lambda one: (one.order, one.code))
        ],
        "source": dict(sorted(book.files.items())),
    }


def book_from_json(data: Mapping[str, Any] | str) -> Book:
    """The book whose `book_json` this is. Raises EngineError for another document, BookError for a damaged one."""
    try:
        plain = json.loads(data) if isinstance(data, str) else data
        form, source = plain["format"], plain["source"]
    except (ValueError, KeyError, TypeError):
        raise EngineError("this is no book in JSON: it has no `format` and `source`") from None
    if form != FORMAT:
        raise EngineError(f"this book is in format {form}; this version of Goodword reads format {FORMAT}")
    if not isinstance(source, dict) or not all(isinstance(text, str) for text in source.values()):
        raise EngineError("`source` should be the book's texts by the names of their files")
    book = parse_book(source)
    if plain.get("hash") != book.hash:
        notes = Notes()
        notes.error("hash", "book.json", 1, "the texts in `source` are not those that `hash` names", "export it again")
        raise BookError(notes.sorted())
    return book


def schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of `book_json`."""
    text = files(__package__).joinpath("book.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "type": fact.kind,
        "label": dict(fact.labels),
        "question": dict(fact.questions),
        "values": {value: dict(words) for value, words in fact.values.items()},
        "range": [to_plain(fact.low), to_plain(fact.high)],
        "source": fact.source,
        "from": fact.formula_text or None,
        "protected": fact.protected,
    }


def _output(output: Output) -> dict[str, Any]:
    values = {value: dict(words) for value, words in output.values.items()} if output.kind == "choice" else {}
    return {"type": output.kind, "of": output.element or None, "label": dict(output.labels), "values": values}


def _action(action: Action) -> dict[str, Any]:
    return {"label": dict(action.labels), "department": action.department or None}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    values = [
        {"from": to_plain(dated.since), "value": to_plain(dated.value), "source": dated.source}
        for dated in parameter.values
    ]
    return {"type": parameter.kind, "label": dict(parameter.labels), "values": values}


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "code": policy.code,
        "title": {language: text.title for language, text in policy.texts.items()},
        "summary": {language: text.summary for language, text in policy.texts.items()},
        "valid_from": to_plain(policy.valid_from),
        "review_by": to_plain(policy.review_by),
        "audience": policy.audience,
        "status": policy.status,
        "governed_by": policy.governed_by,
        "owner": policy.owner,
        "then": list(policy.then),
        "clauses": [_clause(clause) for clause in policy.clauses.values()],
        "decisions": {name: _table(table) for name, table in policy.decisions.items()},
        "words": {
            language: {name: say.text for name, say in text.says.items()} for language, text in policy.texts.items()
        },
    }


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "kind": clause.kind,
        "level": clause.level,
        "heading": {language: section.title for language, section in clause.texts.items()},
        "prose": {language: section.markdown for language, section in clause.texts.items()},
        "audience": clause.audience,
        "status": clause.status,
        "disclose": list(clause.disclose),
        "decides": clause.decides,
    }


def _table(table: DecisionTable) -> dict[str, Any]:
    rules = [
        {
            "id": row.ref.id,
            "when": dict(row.test_texts),
            "then": dict(row.output_texts),
            "beats": [table.rows[place].ref.id for place in row.beats],
        }
        for row in table.rows
    ]
    return {"hit_policy": table.hit, "inputs": list(table.columns), "outputs": list(table.outputs), "rules": rules}
