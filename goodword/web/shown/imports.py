"""Imports in words and numbers."""

from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext_lazy

from goodword.orders.import_queries import imports, outcomes_of
from goodword.orders.models import Import
from goodword.orders.storing import REFUSED
from goodword.web.shown.words import moment_words

MOST_LISTED = 50
MOST_REFUSALS = 200
_KINDS = {
    "products": gettext_lazy("Products"),
    "orders": gettext_lazy("Orders"),
    "deliveries": gettext_lazy("Deliveries"),
}


@dataclass(frozen=True)
class ShownImport:
    """A file that was brought in, or tried."""

    pk: int
    name: str
    kind: str
    when: str
    by: str
    is_trial: bool
    state: str
    problem: str
    total: int
    cursor: int
    created: int
    changed: int
    unchanged: int
    refused: int
    is_kept: bool
    refusals: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether it is on its way."""
        return self.state in {Import.WAITING, Import.RUNNING}

    @property
    def more_refusals(self) -> int:
        """How many refused lines the page does not show."""
        return self.refused - len(self.refusals)


def shown_imports() -> list[ShownImport]:
    """The newest ones, for the list."""
    return [_shown(row, []) for row in imports()[:MOST_LISTED]]


def shown_import(row: Import) -> ShownImport:
    """One with its first refused lines."""
    refused = islice(outcomes_of(row, only=REFUSED), MOST_REFUSALS)
    return _shown(row, [(line, column, why) for line, _what, column, why in refused])


def _shown(row: Import, refusals: list[tuple[int, str, str]]) -> ShownImport:
    same = ("name", "state", "problem", "total", "cursor", "created", "changed", "unchanged", "refused")
    return ShownImport(
        pk=row.pk,
        kind=str(_KINDS.get(row.kind, row.kind)),
        when=moment_words(row.made_at),
        by=row.by.name if row.by else "",
        is_trial=row.dry_run,
        is_kept=bool(row.blob),
        refusals=refusals,
        **{name: getattr(row, name) for name in same},
    )
