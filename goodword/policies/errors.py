"""What this room refuses."""

from collections.abc import Sequence

from goodword.engine import Finding
from goodword.lib.errors import Invalid


class BookInvalid(Invalid):
    """The text is not a book that can be published. `findings` name file and line; nothing has changed."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        errors = [finding for finding in self.findings if finding.level == "error"]
        first = f" The first: {errors[0]}" if errors else ""
        super().__init__(f"The book has {len(errors)} mistake(s) and was not published.{first}", field="files")
