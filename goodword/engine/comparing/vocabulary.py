"""What differs between two books besides decisions: parameters, facts, outputs, and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.engine.comparing.result import ParameterChange, Presence
from goodword.engine.errors import NotFound
from goodword.engine.values import to_plain
from goodword.engine.vocabulary import Fact, Output

if TYPE_CHECKING:
    from goodword.engine.book import Book
    from goodword.engine.policy import Clause


def changed_parameters(before: Book, after: Book, day: date) -> tuple[ParameterChange, ...]:
    """The parameters whose values differ on some day, with what they are on `day`."""
    found = []
    for code in sorted({*before.parameters, *after.parameters}):
        days = sorted({*_starts(before, code), *_starts(after, code)}, key=lambda since: since or date.min)
        pairs = [(since, _on(before, code, since or date.min), _on(after, code, since or date.min)) for since in days]
        values = tuple((since, one, other) for since, one, other in pairs if one != other)
        if values:
            found.append(ParameterChange(code, values, (_on(before, code, day), _on(after, code, day))))
    return tuple(found)


def _starts(book: Book, code: str) -> set[date | None]:
    return {dated.since for dated in book.parameters[code].values} if code in book.parameters else set()


def _on(book: Book, code: str, day: date) -> Any:
    try:
        return book.parameters[code].on(day).value
    except (KeyError, NotFound):
        return None


def changed_facts(before: Book, after: Book) -> Presence:
    """Facts that only one book has, and what differs in those of both."""
    both = before.facts.keys() & after.facts.keys()
    changed = {code: _differences(_about(before.facts[code]), _about(after.facts[code])) for code in sorted(both)}
    return _presence(before.facts, after.facts, {code: words for code, words in changed.items() if words})


def changed_outputs(before: Book, after: Book) -> Presence:
    """Outputs that only one book has, and what differs in those of both."""
    both = before.outputs.keys() & after.outputs.keys()
    changed = {code: _differences(_about(before.outputs[code]), _about(after.outputs[code])) for code in sorted(both)}
    return _presence(before.outputs, after.outputs, {code: words for code, words in changed.items() if words})


def _presence(before: Mapping[str, Any], after: Mapping[str, Any], changed: Mapping[str, str]) -> Presence:
    return Presence(
        tuple(sorted(before.keys() - after.keys())), tuple(sorted(after.keys() - before.keys())), dict(changed)
    )


def _about(subject: Fact | Output) -> dict[str, Any]:
    told: dict[str, Any] = {"type": subject.kind, "values": ", ".join(subject.values)}
    if isinstance(subject, Fact):
        told |= {"range": [to_plain(subject.low), to_plain(subject.high)], "from": subject.formula_text}
        told["source"] = subject.source
    return told


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    parts = [f"{name} was {before[name]}, is {after[name]}" for name in before if before[name] != after[name]]
    return "; ".join(parts)


def reworded_clauses(before: Book, after: Book, codes: list[str]) -> Iterator[str]:
    """The clauses whose heading or prose differs, by language."""
    for code in codes:
        old, new = before.policies.get(code), after.policies.get(code)
        if old is None or new is None:
            continue
        for name in [name for name in new.clauses if name in old.clauses]:
            languages = _reworded_in(old.clauses[name], new.clauses[name])
            if languages:
                yield f"{new.clauses[name].anchor} ({', '.join(languages)})"


def _reworded_in(old: Clause, new: Clause) -> list[str]:
    return [language for language in sorted({*old.texts, *new.texts}) if _said(old, language) != _said(new, language)]


def _said(clause: Clause, language: str) -> tuple[str, ...]:
    section = clause.texts.get(language)
    return (section.title, section.markdown) if section else ()
