"""A comparison of two random tables against somebody who tries every situation in both."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword import engine
from goodword.engine.comparing import compare
from tests.engine.example import small_book, table
from tests.engine.random_tables import FIRST, LIMIT, RandomTable, tables

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
WHOLE = ("kind", "open", "days", "on")  # facts with as many values as their ranges say
DOMAINS: dict[str, list[Any]] = {
    "kind": ["a", "b", "c"],
    "open": [True, False],
    "days": list(range(10)),
    "on": [date.fromordinal(FIRST.toordinal() + number) for number in range(6)],
}
WORDS = {None: "no rule", "clash": "two rules at once"}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[RandomTable, RandomTable]:
    """A table and another one: made anew, or with some of its rows gone or saying something else."""
    first = draw(tables().filter(lambda table: set(table.columns) <= set(WHOLE)))
    if draw(st.booleans()):
        return first, draw(tables().filter(lambda table: set(table.columns) <= set(WHOLE)))
    rows = [
        replace(row, outcome=draw(st.sampled_from(["refuse", "approve", "allow"])))
        for row in first.rows
        if draw(st.integers(0, 4)) or any(other.id.startswith(f"{row.id}.") for other in first.rows)
    ]
    return first, replace(first, rows=tuple(rows or first.rows))


def changed(first: RandomTable, second: RandomTable, limit: int) -> tuple[int, Counter[tuple[str, str]]]:
    """How many situations there are, and how many change from what to what, one by one."""
    columns = list(dict.fromkeys([*first.columns, *second.columns]))
    found: Counter[tuple[str, str]] = Counter()
    total = 0
    for values in product(*(DOMAINS[name] for name in columns)):
        facts = dict(zip(columns, values, strict=True))
        total += 1
        before, after = first.answer(facts, limit), second.answer(facts, limit)
        if before != after:
            found[WORDS.get(before, before), WORDS.get(after, after)] += 1
    return total, found


@SLOW
@given(pairs(), st.sampled_from(sorted(LIMIT)))
def test_the_number_of_changed_situations_is_exact(pair: tuple[RandomTable, RandomTable], day: date) -> None:
    first, second = pair
    compared = compare(first.book(), second.book(), day=day).tables[0]
    total, found = changed(first, second, LIMIT[day])
    assert compared.situations == total
    assert compared.changed == found.total()
    assert compared.outcomes == dict(found)


@SLOW
@given(pairs())
def test_the_regions_hold_exactly_the_changed_situations(pair: tuple[RandomTable, RandomTable]) -> None:
    first, second = pair
    compared = compare(first.book(), second.book(), day=FIRST).tables[0]
    columns = list(dict.fromkeys([*first.columns, *second.columns]))
    for change in compared.changes:
        if not change.all_regions:
            continue
        held = 0
        for values in product(*(DOMAINS[name] for name in columns)):
            facts = dict(zip(columns, values, strict=True))
            ended = tuple(WORDS.get(each.answer(facts, 4), each.answer(facts, 4)) for each in pair)
            inside = sum(lies_in(region, facts) for region in change.regions)
            held += inside
            assert inside == (ended == (change.before.outcome, change.after.outcome))
        assert held == change.situations


def lies_in(region: str, facts: dict[str, Any]) -> bool:
    """Reads a region's words: `where kind is "a" or "b", days from 3 to 5 or from 7 to 9`."""
    if region == "in any situation":
        return True
    names = "|".join(facts)
    parts = re.split(rf", (?=(?:{names}) )", region.removeprefix("where "))
    return all(_holds(part, facts) for part in parts)


def _holds(part: str, facts: dict[str, Any]) -> bool:
    name, _, told = part.partition(" ")
    return any(_one(way, facts[name]) for way in told.split(" or "))


def _one(way: str, value: Any) -> bool:
    word = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    words = way.removeprefix("is ").split(" ")
    if words[0] == "from" and "to" in words:
        return type_of(words[1], value) <= word <= type_of(words[3], value)
    if words[0] == "from":
        return bool(word >= type_of(words[1], value))
    if words[:2] == ["up", "to"]:
        return bool(word <= type_of(words[2], value))
    return str(word) == way.removeprefix("is ").strip('"')


def type_of(text: str, like: Any) -> Any:
    """A limit as a value of the kind of another."""
    return date.fromisoformat(text) if isinstance(like, date) else int(text)


FACTS = (
    "kind: {type: choice, values: [a, b]}, price: {type: money, range: [0, 40]}, "
    "paid: {type: money, from: price * percent / 100}"
)
OUTPUTS = "percent: {type: percent}, outcome: {type: choice, values: [refuse, allow]}, by: {type: role}"


def chained(percent: int, limit: int) -> engine.Book:
    """A chain whose second table reads an amount that follows from the first one's answer."""
    return small_book(
        FACTS,
        OUTPUTS,
        table("U | kind | => | outcome | percent", f"1 | a | | allow | {percent}", "2 | b | | refuse | 0")
        + table(
            "U | kind | paid | => | by",
            f"1 | a | <= {limit} | | agent",
            f"2 | a | > {limit} | | lead",
            "3 | b | - | | agent",
            clause="by",
            keys="decides: by",
        ),
        front="then: [by]\n",
    )


@settings(deadline=None, max_examples=40)
@given(
    st.tuples(st.integers(0, 100), st.integers(0, 40)), st.tuples(st.integers(0, 100), st.integers(0, 40))
)
def test_a_chain_is_counted_through_what_its_first_table_gives(one: tuple[int, int], other: tuple[int, int]) -> None:
    before, after = chained(*one), chained(*other)
    found = compare(before, after, "p", FIRST)
    (through,) = [compared for compared in found.tables if compared.through_chain]
    ready = [engine.decider(book, "p", FIRST) for book in (before, after)]
    differing = 0
    for kind, price in product("ab", range(41)):
        first, second = (decide.outputs({"kind": kind, "price": price}) for decide in ready)
        differing += first != second
    assert (through.situations, through.changed, through.notes) == (82, differing, ())
