"""What became of a history file, line by line where something is wrong."""

from dataclasses import dataclass, field
from typing import Any

MOST_TOLD = 1000


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a line and what to do about it. Names fields and keys, never a customer's words."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


@dataclass
class Report:
    """Lines read = made + as before + changed + wrong + blank. `changed` lines were left as they had been filed."""

    file: str
    dry_run: bool = False
    read: int = 0
    blank: int = 0
    made: int = 0
    as_before: int = 0
    changed: int = 0
    wrong: int = 0
    messages: int = 0
    without_time: int = 0
    persons: int = 0
    agents: int = 0
    files: int = 0
    unknown_situations: int = 0
    seconds: float = 0.0
    troubles: list[Trouble] = field(default_factory=list)

    def blame(self, line: int, what: str) -> None:
        """Count the line as wrong and say why."""
        self.wrong += 1
        self._tell(line, what)

    def tell_changed(self, line: int, key: str) -> None:
        """Count the line as changed since it was imported."""
        self.changed += 1
        self._tell(line, f"conversation {key!r} was imported before and reads differently now. It is left as it was.")

    def _tell(self, line: int, what: str) -> None:
        if len(self.troubles) < MOST_TOLD:
            self.troubles.append(Trouble(line, what))

    @property
    def is_whole(self) -> bool:
        """Whether everything in the file is here, as it reads."""
        return not self.wrong and not self.changed

    @property
    def messages_a_second(self) -> float:
        """How quick it was."""
        return self.messages / self.seconds if self.seconds else 0.0

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        counts = {name: value for name, value in vars(self).items() if name not in {"troubles", "seconds"}}
        troubles = [{"line": each.line, "what": each.what} for each in self.troubles]
        rate = {"seconds": round(self.seconds, 2), "messages_a_second": round(self.messages_a_second)}
        return {**counts, **rate, "troubles": troubles}
