"""The retail cases: what happened before is applied to the records, and the records are handed over as facts.

Nothing here knows the policy. Orders, users and products go in as the shop keeps them, by their numbers; of all the
shop's records only those that the action can be about, because a fact is what the case is about, not a database.
"""

import gzip
import importlib.util
import json
import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("RETAIL_CASES", Path(__file__).resolve().parents[3] / "shared" / "data" / "retail"))
BOOK = Path(__file__).parent / "book"
NEEDED = ("cases_dev.jsonl", "db.json.gz", "transitions.py")
MISSING = [name for name in NEEDED if not (DATA / name).is_file()]


@cache
def _records() -> str:
    return gzip.decompress((DATA / "db.json.gz").read_bytes()).decode()


@cache
def _transitions() -> Any:
    spec = importlib.util.spec_from_file_location("retail_transitions", DATA / "transitions.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases(path: Path = DATA / "cases_dev.jsonl") -> Iterator[dict[str, Any]]:
    """The cases, one a line."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


@cache
def _untouched() -> dict[str, Any]:
    records: dict[str, Any] = json.loads(_records())
    return records


def records_after(prior: list[dict[str, Any]]) -> dict[str, Any]:
    """The shop's records once the actions before this one have happened."""
    if not prior:
        return _untouched()
    records: dict[str, Any] = json.loads(_records())
    for action in prior:
        _transitions().apply(records, action["name"], action["arguments"])
    return records


def facts_of(case: dict[str, Any], *, everything: bool = False) -> dict[str, Any]:
    """A case as facts in plain JSON; with `everything` all of the shop's records."""
    records = records_after(case["prior"])
    arguments = case["arguments"]
    found = records if everything else _about(records, arguments, case["session"])
    told = {"action": case["action"], "arguments": arguments, "session": case["session"]}
    plain: dict[str, Any] = json.loads(json.dumps({**told, **found}), parse_float=Decimal)
    return plain


def _about(records: dict[str, Any], arguments: dict[str, Any], session: dict[str, Any]) -> dict[str, Any]:
    """The records whose numbers the action names, and what hangs on them."""
    orders = _those(records["orders"], {arguments.get("order_id")})
    people = {session.get("auth_user"), arguments.get("user_id"), *(order["user_id"] for order in orders.values())}
    items = [item["product_id"] for order in orders.values() for item in order["items"]]
    wanted = set(arguments.get("new_item_ids", ()))
    variants = [number for number, product in records["products"].items() if wanted & set(product["variants"])]
    products = _those(records["products"], {arguments.get("product_id"), *items, *variants})
    return {"orders": orders, "users": _those(records["users"], people), "products": products}


def _those(records: dict[str, Any], numbers: set[str | None]) -> dict[str, Any]:
    return {number: records[number] for number in sorted(number for number in numbers if number in records)}
