"""Reading fields out of YAML with a finding for everything that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from goodword.engine.errors import near
from goodword.engine.findings import Notes
from goodword.engine.values import shown
from goodword.engine.yaml_text import Map, YamlError, read_yaml

Words = Mapping[str, str]  # language -> text


def in_language(words: Words, language: str, otherwise: str = "") -> str:
    """The text in a language, else in the first one it was written in, else `otherwise`.

    >>> in_language({"en": "Refund", "da": "Tilbagebetaling"}, "da"), in_language({"en": "Refund"}, "tr")
    ('Tilbagebetaling', 'Refund')
    """
    return words.get(language) or next(iter(words.values()), otherwise)


def yaml_map(text: str, file: str, notes: Notes, first_line: int = 1) -> Map:
    """The mapping a file (or front matter) holds; an empty one, with an error noted, if it holds anything else."""
    try:
        found = read_yaml(text, first_line)
    except YamlError as error:
        notes.error(
            "yaml", file, error.line, f"this is not YAML as a book uses it: {error}", "mind colons, quotes and indents"
        )
        return Map(first_line)
    if found is None:
        return Map(first_line)
    if not isinstance(found, Map):
        notes.error("yaml", file, first_line, "here `name: value` pairs are expected")
        return Map(first_line)
    return found


@dataclass(frozen=True, slots=True)
class Fields:
    """One YAML mapping, the file it stands in, and where to note what is wrong."""

    source: Map
    file: str
    notes: Notes
    what: str  # how to name it in a message: "fact `opened`"

    def line(self, key: str = "") -> int:
        """The line of a key, or where the mapping begins."""
        return self.source.line_of(key)

    def error(self, key: str, message: str, hint: str = "") -> None:
        """Notes an error at a key."""
        self.notes.error("field", self.file, self.line(key), f"{self.what}: {message}", hint)

    def only(self, known: Iterable[str]) -> None:
        """Every key must be among `known`: a misspelt key must not pass in silence."""
        names = list(known)
        for key in self.source:
            if key not in names:
                self.error(key, f"nothing is known by the name `{key}`", near(key, names))

    def text(self, key: str, default: str = "") -> str:
        """A text, or the default."""
        value = self.source.get(key)
        if value is None:
            return default
        if not isinstance(value, str | int):
            self.error(key, f"`{key}` should be text")
            return default
        return str(value)

    def required(self, key: str) -> str:
        """A text that must be there."""
        if not self.source.get(key):
            self.error(key, f"`{key}` is missing")
        return self.text(key)

    def one_of(self, key: str, allowed: Sequence[str], default: str) -> str:
        """A text out of a few."""
        value = self.text(key, default)
        if value not in allowed:
            self.error(key, f"`{key}` should be {' or '.join(allowed)}, not `{value}`")
            return default
        return value

    def flag(self, key: str) -> bool:
        """yes or no; no when it is not there."""
        value = self.source.get(key)
        if value in (None, True, False, "yes", "no"):
            return value in (True, "yes")
        self.error(key, f"`{key}` should be yes or no")
        return False

    def day(self, key: str) -> date | None:
        """A date, or none."""
        value = self.source.get(key)
        if value is None or isinstance(value, date):
            return value
        self.error(key, f"`{key}` should be a date like 2026-12-24, not {shown(value)}")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one alone may stand without brackets."""
        value = self.source.get(key)
        if value is None:
            return ()
        if isinstance(value, str | int):
            return (str(value),)
        if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
            return tuple(str(item) for item in value)
        self.error(key, f"`{key}` should be a list like [a, b]")
        return ()

    def words(self, key: str, first_language: str = "en") -> dict[str, str]:
        """A text per language; a bare text is in the first language."""
        value = self.source.get(key)
        if value is None:
            return {}
        if isinstance(value, str | int):
            return {first_language: str(value)}
        if isinstance(value, Map) and all(isinstance(text, str | int) for text in value.values()):
            return {language: str(text) for language, text in value.items()}
        self.error(key, f"`{key}` should be a text per language, like {{en: …, da: …}}")
        return {}

    def inner(self, key: str) -> Map:
        """A mapping inside; an empty one if it is not there."""
        value = self.source.get(key)
        if value is None:
            return Map(self.line(key))
        if not isinstance(value, Map):
            self.error(key, f"`{key}` should hold `name: value` pairs")
            return Map(self.line(key))
        return value

    def within(self, key: str, what: str) -> Fields | None:
        """The fields of a mapping inside, or none (with an error) if it is no mapping."""
        value = self.source.get(key)
        if not isinstance(value, Map):
            self.error(key, f"`{key}` should hold `name: value` pairs")
            return None
        return Fields(value, self.file, self.notes, what)

    def codes(self, key: str, first_language: str = "en") -> dict[str, dict[str, str]]:
        """Codes with their words: a mapping code -> words, or a plain list of codes."""
        value = self.source.get(key)
        if isinstance(value, list):
            return {code: {first_language: code} for code in self.texts(key)}
        inner = Fields(self.inner(key), self.file, self.notes, self.what)
        return {code: inner.words(code, first_language) for code in inner.source}
