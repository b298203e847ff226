"""Equal standards: nobody below the common one for her value; every yes has somebody who may say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from goodword.engine.book import Book
from goodword.engine.checks.proof import STEPS
from goodword.engine.columns import Column
from goodword.engine.compiled import CompiledTable
from goodword.engine.deciding import ROLE_SOURCE, chain_of
from goodword.engine.errors import EngineError
from goodword.engine.feel.syntax import Literal
from goodword.engine.findings import Notes
from goodword.engine.joint import dependent_columns
from goodword.engine.policy import Policy
from goodword.engine.regions import Sweep, regions, sweep, where
from goodword.engine.spans import versions
from goodword.engine.sweep import Budget, OverBudget
from goodword.engine.tables import DecisionTable
from goodword.engine.vocabulary import reads

VALUE_SOURCES = ("person.since", "person.purchases_last_year")
MORE_IS_BETTER = ("money", "percent")


def check_standards(book: Book, sound: set[str], notes: Notes) -> None:
    """Notes rules by a customer's value that give her less, approvals by nobody, and approvals that never end."""
    for code in sorted(sound):
        policy = book.policies[code]
        _check_approvals(book, policy, notes)
        for table in policy.decisions.values():
            valued = {name for name in table.columns if _tells_value(book, name)}
            roles = {name for name in table.columns if _tells_role(book, name)}
            if not valued and not (roles and "authority" in table.outputs):
                continue
            for day, currency in versions(book, table):
                try:
                    compiled = book.compiled(table.policy, table.name, day, currency)
                    done = sweep(compiled, Budget(STEPS), dependent_columns(book, compiled))
                except (OverBudget, EngineError):
                    break  # told where the table itself was proved
                if valued and _check_value(book, done, valued, notes):
                    break
                if len(roles) == 1 and _check_ends(book, compiled, next(iter(roles)), notes):
                    break


def _tells_value(book: Book, name: str) -> bool:
    sources = [name, *reads(name, book.vocabulary)]
    return any(book.facts[code].source in VALUE_SOURCES for code in sources if code in book.facts)


def _tells_role(book: Book, name: str) -> bool:
    return name in book.facts and book.facts[name].source == ROLE_SOURCE


def _check_value(book: Book, done: Sweep, valued: set[str], notes: Notes) -> bool:
    """The common standard is what the rules give that do not look at the customer's value."""
    compiled = done.compiled
    common = compiled.full
    for column in compiled.columns:
        common &= column.dash if column.name in valued else compiled.full
    for end in sorted(done.ends):
        answer, standard = compiled.answer(end), compiled.answer(end & common)
        if answer.outputs is None or standard == answer:
            continue
        ref = answer.fired[0]
        region, _ = next(regions(done, frozenset({end}), 1))
        place = where(region, done.columns)
        if standard.outputs is None:
            message = f"rule {ref.id} decides by {_listed(valued)} {place}, and no rule is for everybody"
            hint = "write the rule for everybody, and the better one as its exception"
            notes.warning("standard", ref.file, ref.line, message, hint)
            return True
        worse = _worse(book, compiled, answer.outputs, standard.outputs)
        if worse:
            message = f"rule {ref.id} puts customers below the common standard by {_listed(valued)} {place}: "
            message += ", ".join(
                f"{name} {answer.outputs.get(name)} instead of {standard.outputs[name]}" for name in worse
            )
            hint = "a customer's value may give her more than everybody gets, never less"
            notes.error("standard", ref.file, ref.line, message, hint)
            return True
    return False


def _worse(book: Book, compiled: CompiledTable, given: Mapping[str, Any], standard: Mapping[str, Any]) -> list[str]:
    order = book.settings.precedence
    found = []
    for name, usual in standard.items():
        value = given.get(name)
        if name == "outcome" and usual in order:
            if value in order and order.index(value) < order.index(usual):
                found.append(name)
        elif compiled.table.outputs[name].kind in MORE_IS_BETTER and (value is None or value < usual):
            found.append(name)
    return found


def _listed(names: set[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))


def _check_approvals(book: Book, policy: Policy, notes: Notes) -> None:
    """Each rule that wants an approval says by whom, or a table of the chain does."""
    if policy.primary is None or "authority" not in book.outputs:
        return
    for table in policy.decisions.values():
        chain = chain_of(book, policy.code) if table.name == policy.primary else []
        if any("authority" in book.table(*link).outputs for link in chain if link != (policy.code, table.name)):
            continue
        for row in table.rows:
            outcome = row.outputs.get("outcome")
            if isinstance(outcome, Literal) and outcome.value == "approve" and "authority" not in row.outputs:
                message = f"rule {row.ref.id} wants an approval, and nothing says whose"
                hint = "fill the `authority` column, or let a table with it follow (`then:`)"
                notes.error("authority.missing", row.ref.file, row.ref.line, message, hint)


def _check_ends(book: Book, compiled: CompiledTable, role: str, notes: Notes) -> bool:
    """Whoever is asked to approve can decide, or passes on to somebody who can: for every role it ends."""
    own = next(column for column in compiled.columns if column.name == role)
    others = [column for column in dependent_columns(book, compiled) if column.name != role]
    try:
        done = sweep(compiled, Budget(STEPS), others)
    except OverBudget:
        return False
    for end in sorted(done.ends):
        for start in (cell.sample for cell in own.cells):
            circle = _circle(compiled, end, own, start)
            if circle:
                region, _ = next(regions(done, frozenset({end}), 1))
                _report_circle(compiled.table, circle, where(region, others), notes)
                return True
    return False


def _circle(compiled: CompiledTable, end: int, own: Column, start: Any) -> list[str]:
    """The roles that hand an approval to one another for ever; empty if somebody decides."""
    way: list[str] = []
    role = start
    while role not in way:
        way.append(role)
        outputs = compiled.answer(end & own.look_up(role)).outputs
        if not outputs or outputs.get("outcome") != "approve" or outputs.get("authority") is None:
            return []
        if outputs["authority"] not in [cell.sample for cell in own.cells]:
            return []
        role = outputs["authority"]
    return [*way[way.index(role) :], role]


def _report_circle(table: DecisionTable, circle: Sequence[str], place: str, notes: Notes) -> None:
    message = f"`{table.code}` never ends {place}: {' asks '.join(circle)}"
    notes.error("authority.circle", table.file, table.line, message, "let the last of them decide")
