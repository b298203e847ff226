"""What became of files that were brought in: the list, one of them, and its report line by line."""

import csv
import io
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from goodword.lib.errors import NotFound
from goodword.orders.models import Import, ImportStep

REPORT_HEADING = ("line", "outcome", "column", "reason")


def imports() -> QuerySet[Import]:
    """Every import, the newest first."""
    return Import.objects.select_related("by").order_by("-id")


def import_by_id(pk: int) -> Import:
    """One import. Raises NotFound."""
    found = imports().filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


def outcomes_of(imported: Import, *, only: str = "") -> Iterator[tuple[int, str, str, str]]:
    """Line, outcome, column and reason of each record, in the order of the file; `only`: those of one outcome."""
    steps = ImportStep.objects.filter(of=imported).order_by("first").values_list("outcomes", flat=True)
    for outcomes in steps.iterator(chunk_size=20):
        yield from ((line, what, column, why) for line, what, column, why in outcomes if not only or what == only)


def report_of(imported: Import, *, only: str = "") -> Iterator[str]:
    """The report as the lines of a CSV file."""
    yield _csv_line(REPORT_HEADING)
    for outcome in outcomes_of(imported, only=only):
        yield _csv_line(outcome)


def _csv_line(cells: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
