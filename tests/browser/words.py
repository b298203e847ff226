"""What stands on buttons and links: as the README's tour says it, and the same in the other languages."""

import gettext
import re
from collections.abc import Callable
from pathlib import Path

from tests.test_architecture import HOUSE

Say = Callable[[str], str]


def in_language(language: str) -> Say:
    """Turns an English text of the pages into `language`; a text that is not translated is a mistake."""
    if language == "en":
        return str
    known = gettext.translation("django", HOUSE / "goodword" / "locale", [language])

    def say(text: str) -> str:
        found = known.gettext(text)
        assert found != text or text in SAME_IN_DANISH, f"{text!r} is not translated"
        return found

    return say


SAME_IN_DANISH = {"Send"}


def tour() -> str:
    """The README's five minutes."""
    readme = Path(HOUSE / "README.md").read_text(encoding="utf-8")
    return readme.split("## Five minutes", 1)[1].split("\n## ", 1)[0]


def words_of_the_tour() -> set[str]:
    """Every label and name that the tour sets in italics."""
    plain = re.sub(r"\*\*.*?\*\*", "", " ".join(tour().split()))
    return set(re.findall(r"\*([^*]+)\*", plain))
