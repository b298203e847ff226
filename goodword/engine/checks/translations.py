"""What one language says and another does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from goodword.engine.book import Book
from goodword.engine.document import PLACEHOLDER
from goodword.engine.fields import Words
from goodword.engine.findings import Notes
from goodword.engine.policy import Policy, PolicyText

Note = Callable[..., None]


def check_translations(book: Book, notes: Notes) -> None:
    """Notes missing files, clauses, say blocks, labels, and placeholders that differ between languages."""
    for policy in book.policies.values():
        for language in book.languages[1:]:
            _check_policy(policy, language, book.languages[0], notes)
    _check_vocabulary(book, notes)
    for code, parameter in book.parameters.items():
        _check_words(f"parameter `{code}`: label", parameter.labels, book, (parameter.file, parameter.line), notes)
    for name in ("mission", "tagline"):
        words: Words = getattr(book.settings, name)
        if words:
            _check_words(f"`{name}`", words, book, ("book.yaml", book.settings.lines.get(name, 1)), notes)
    groups: dict[str, Mapping[str, Words]] = {"roles": book.settings.roles, "departments": book.departments}
    for name, group in groups.items():
        for code, label in group.items():
            if label != {book.languages[0]: code}:
                place = ("book.yaml", book.settings.lines.get(name, 1))
                _check_words(f"{name.removesuffix('s')} `{code}`", label, book, place, notes)


def _check_policy(policy: Policy, language: str, first: str, notes: Notes) -> None:
    note: Note = notes.warning if policy.status == "draft" else notes.error
    original, translated = policy.texts[first], policy.texts.get(language)
    if translated is None:
        name = f"{policy.code}.{language}.md"
        note("translation", policy.file, 1, f"the policy is not translated to `{language}`", f"write {name}")
        return
    for code, clause in policy.clauses.items():
        if code not in translated.sections:
            message = f"clause `{code}` ({clause.file}:{clause.line}) is missing in `{language}`"
            note("translation", translated.file, 1, message, f"give it the comment <!-- #{code} -->")
    for name in original.says:
        if name not in translated.says:
            message = f"say block `{name}` ({original.file}:{original.says[name].line}) is missing in `{language}`"
            note("translation", translated.file, 1, message)
    for name in translated.says:
        if name not in original.says:
            line = translated.says[name].line
            note("translation", translated.file, line, f"say block `{name}` is not in {original.file}")
    for key in ("summary", "recognise"):
        if getattr(original, key) and not getattr(translated, key):
            notes.warning("translation", translated.file, 1, f"`{key}` is not translated")
    _check_placeholders(original, translated, note)
    _check_age(policy, original, translated, notes)


def _check_age(policy: Policy, original: PolicyText, translated: PolicyText, notes: Notes) -> None:
    """`translates` names the text it was made from: by its hash, or by the day from which that text held."""
    named, now = translated.translates, original.hash
    stale = named < str(policy.valid_from) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", named) else named != now
    if named and stale:
        notes.warning(
            "stale",
            translated.file,
            1,
            f"it translates `{named}`; the original is `{now}` since {policy.valid_from}",
            "read both, and write the new hash or day into `translates`",
        )


def _check_placeholders(original: PolicyText, translated: PolicyText, note: Note) -> None:
    theirs = {what: (names, line) for what, names, line in _placeholders(translated)}
    for what, names, _ in _placeholders(original):
        if what not in theirs or theirs[what][0] == names:
            continue
        other, line = theirs[what]
        parts = [f"lacks {{{{{name}}}}}" for name in sorted(names - other)]
        parts += [f"has {{{{{name}}}}} more" for name in sorted(other - names)]
        note("placeholders", translated.file, line, f"{what} {' and '.join(parts)} than {original.file}")


def _placeholders(text: PolicyText) -> Iterator[tuple[str, set[str], int]]:
    yield "the text before the first clause", set(PLACEHOLDER.findall(text.intro.markdown)), text.intro.line
    for code, section in text.sections.items():
        yield f"clause `{code}`", set(PLACEHOLDER.findall(section.markdown)), section.line
    for name, say in text.says.items():
        yield f"say block `{name}`", set(PLACEHOLDER.findall(say.text)), say.line


def _check_vocabulary(book: Book, notes: Notes) -> None:
    for code, fact in book.facts.items():
        place = (fact.file, fact.line)
        _check_words(f"fact `{code}`: label", fact.labels, book, place, notes)
        if fact.formula is None:
            _check_words(f"fact `{code}`: question", fact.questions, book, place, notes)
        for value, words in fact.told.items():
            _check_words(f"fact `{code}`: told `{value or '{value}'}`", words, book, place, notes)
            if value and fact.kind in ("choice", "yes/no") and value not in (fact.values or ("yes", "no")):
                notes.error("value", *place, f"fact `{code}`: told `{value}` is none of its values")
        if fact.kind == "choice":
            for value, words in fact.values.items():
                _check_words(f"fact `{code}`: value `{value}`", words, book, place, notes)
    for code, output in book.outputs.items():
        place = (output.file, output.line)
        _check_words(f"output `{code}`: label", output.labels, book, place, notes)
        if output.kind == "choice":
            for value, words in output.values.items():
                _check_words(f"output `{code}`: value `{value}`", words, book, place, notes)
    for code, action in book.actions.items():
        _check_words(f"action `{code}`: label", action.labels, book, (action.file, action.line), notes)


def _check_words(what: str, words: Words, book: Book, place: tuple[str, int], notes: Notes) -> None:
    missing = [language for language in book.languages if not words.get(language)]
    if missing:
        notes.error("translation", *place, f"{what} is missing in {', '.join(f'`{language}`' for language in missing)}")
