"""What `check` says: one finding per problem, with its place and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. `line` counts from 1; `code` is stable and may be searched for.

    `rewrite` is text to put in the place of what is there, where the engine knows one that says the same.
    """

    level: Level
    code: str
    file: str
    line: int
    message: str
    hint: str = ""
    rewrite: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}: {self.level}: {self.message}{hint}"

    def to_json(self) -> dict[str, str | int]:
        """The finding as plain values."""
        return asdict(self)

    @property
    def place(self) -> tuple[str, int, str]:
        """What findings are sorted by."""
        return (self.file, self.line, self.code)


@dataclass(slots=True)
class Notes:
    """Collects findings while a book is read; reading goes on after an error, so that all are seen at once."""

    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, file: str, line: int, message: str, hint: str = "") -> None:
        """Notes a problem that stops the book from being published."""
        self.findings.append(Finding("error", code, file, line, message, hint))

    def warning(self, code: str, file: str, line: int, message: str, hint: str = "", rewrite: str = "") -> None:
        """Notes something a careful reader would mend."""
        self.findings.append(Finding("warning", code, file, line, message, hint, rewrite))

    @property
    def errors(self) -> list[Finding]:
        """Only the errors."""
        return [finding for finding in self.findings if finding.level == "error"]

    def sorted(self) -> list[Finding]:
        """All findings by file and line, each once."""
        return sorted(dict.fromkeys(self.findings), key=lambda finding: finding.place)
