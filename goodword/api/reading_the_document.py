"""The OpenAPI document as chapters for a reader: one for each tag, with parameters and bodies laid flat."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    is_needed: bool
    words: str


@dataclass(frozen=True)
class Address:
    """One operation."""

    anchor: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Row]
    fields: list[Row]
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class Chapter:
    """Everything under one tag."""

    name: str
    addresses: list[Address]


def chapters(document: dict[str, Any]) -> list[Chapter]:
    """The chapters in the order of the document."""
    found: dict[str, list[Address]] = {}
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["other"])[0]
            found.setdefault(tag, []).append(_address(path, method, operation, schemas))
    return [Chapter(name, addresses) for name, addresses in found.items()]


def _address(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Address:
    return Address(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        words=operation.get("description", ""),
        parameters=[_parameter(each) for each in operation.get("parameters", [])],
        fields=_fields(operation, schemas),
        answers=[(str(status), answer["description"]) for status, answer in operation["responses"].items()],
    )


def _parameter(parameter: dict[str, Any]) -> Row:
    where = "" if parameter["in"] == "query" else f" ({parameter['in']})"
    kind = _kind(parameter.get("schema", {})) + where
    return Row(parameter["name"], kind, bool(parameter.get("required")), parameter.get("description", ""))


def _fields(operation: dict[str, Any], schemas: dict[str, Any]) -> list[Row]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    schema = schemas.get(str(schema.get("$ref", "")).rpartition("/")[2], schema)
    needed = schema.get("required", [])
    return [
        Row(name, _kind(field), name in needed, field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")
