"""The trace of a decision for an auditor: everything from which it can be computed again by hand, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from goodword.engine.compiled import CompiledTable, bits
from goodword.engine.decision import Decision, TableUse
from goodword.engine.errors import ExpressionError
from goodword.engine.feel import Scope, compile_expression, names_in
from goodword.engine.feel.evaluate import compile_tests
from goodword.engine.feel.syntax import Compare, Interval, ListOf, Node, Tests
from goodword.engine.merging import Merged, merge
from goodword.engine.values import UNKNOWN, to_plain

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.deciding import Shelf


def trace(decision: Decision, shelf: Shelf) -> dict[str, Any]:
    """A decision as its tables were read: for each the parameters of its day, what it looked at, every rule with each
    of its tests and whether it held, which rules beat which, and what was answered; then what a law has lifted.

    `shelf` must hold the books that decided. Amounts are in the smallest unit of `currency`; `holds` is null where a
    fact was unknown.
    """
    merged = Merged()
    tables = []
    for use in decision.tables:
        book = shelf.book_on(use.policy, use.day)
        compiled = book.compiled(use.policy, use.decision, use.day, decision.currency or book.currency)
        told, merged = _table(decision, use, book, compiled, merged)
        tables.append(told)
    given, laid = to_plain(dict(decision.outputs)), to_plain(dict(merged.outputs))
    return {
        "policy": decision.policy,
        "status": decision.status,
        "question": decision.question,
        "currency": decision.currency,
        "role": decision.role,
        "days": to_plain(dict(decision.days)),
        "facts": to_plain(dict(decision.facts)),
        "tables": tables,
        "lifted_by_law": {name: value for name, value in given.items() if laid.get(name) != value},
        "outputs": given,
    }


def _table(
    decision: Decision, use: TableUse, book: Book, compiled: CompiledTable, so_far: Merged
) -> tuple[dict[str, Any], Merged]:
    known: dict[str, Any] = {**so_far.outputs, **decision.facts}
    values = {name: known[name] for name in compiled.table.columns if known.get(name) is not None}
    rules = [_rule(compiled, place, values) for place in range(len(compiled.table.rows))]
    held = sum(1 << place for place, rule in enumerate(rules) if rule["holds"])
    answer = compiled.answer(held)
    winners = set(answer.rows)
    for place, rule in enumerate(rules):
        rule["beaten_by"] = [
            rules[other]["rule"] for other in bits(held) if compiled.beats[other] >> place & 1 and rule["holds"]
        ]
        rule["fires"] = place in winners
    decided = answer.outputs is not None and all(rule["holds"] is not None for rule in rules if rule["fires"])
    after = merge(so_far, compiled.table, answer, book.settings.precedence) if decided else so_far
    names = sorted(
        compiled.table.names_used() | {n.name for f, _ in compiled.derived if f.formula for n in names_in(f.formula)}
    )
    return {
        "decision": compiled.table.code,
        "hit_policy": compiled.table.hit,
        "precedence": list(book.settings.precedence),
        "day": use.day.isoformat(),
        "rules_hash": use.rules_hash,
        "parameters": {name: to_plain(compiled.scope.constants[name]) for name in names if name in book.parameters},
        "derived": [
            {"fact": fact.code, "from": fact.formula_text, "value": to_plain(known.get(fact.code))}
            for fact, _ in compiled.derived
        ],
        "looked_at": to_plain(values),
        "rules": rules,
        "answer": to_plain(dict(answer.outputs)) if answer.outputs is not None else None,
        "outputs_so_far": to_plain(dict(after.outputs)),
    }, after


def _rule(compiled: CompiledTable, place: int, values: Mapping[str, Any]) -> dict[str, Any]:
    row = compiled.table.rows[place]
    tests = []
    for name, test in row.tests.items():
        passes = compile_tests(test, compiled.scope)(values[name], {}) if name in values else UNKNOWN
        tests.append(
            {
                "fact": name,
                "cell": row.test_texts[name],
                "means": meaning(test, compiled.scope),
                "value": to_plain(values.get(name)),
                "holds": None if passes is UNKNOWN else bool(passes),
            }
        )
    truths = [test["holds"] for test in tests]
    holds = False if False in truths else None if None in truths else True
    given = {name: to_plain(value) for name, value in compiled.outputs[place].items()}
    beats = [compiled.table.rows[other].ref.id for other in row.beats]
    where = {"rule": row.ref.id, "line": f"{row.ref.file}:{row.ref.line}", "beats": beats}
    return {**where, "tests": tests, "holds": holds, "gives": given}


def meaning(tests: Tests, scope: Scope) -> dict[str, Any]:
    """A cell with its parameters filled in: any of the alternatives, or with `not` none of them.

    An alternative is {"is": value}, {"op": "<=", "value": limit} or {"from": low, "to": high, "with": "[)"}.
    """
    told = [one for test in tests.tests for one in _alternatives(test, scope)]
    return {"none_of" if tests.negated else "any_of": told}


def _alternatives(test: Node, scope: Scope) -> list[dict[str, Any]]:
    def value(node: Node) -> Any:
        try:
            return to_plain(compile_expression(node, scope)({}))
        except ExpressionError:
            return None

    if isinstance(test, Interval):
        ends = f"{'[' if test.low_included else '('}{']' if test.high_included else ')'}"
        return [{"from": value(test.low), "to": value(test.high), "with": ends}]
    if isinstance(test, Compare) and test.operator == "=":
        nodes = test.value.items if isinstance(test.value, ListOf) else (test.value,)
        return [{"is": value(node)} for node in nodes]
    assert isinstance(test, Compare)
    return [{"op": test.operator, "value": value(test.value)}]
