"""One customer on two records: everything goes to one of them, and can be put back.

Rooms above name their tables at start (`goodword.reactions`), so that this room need not know them.
"""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Refused
from goodword.people.actions import about
from goodword.people.models import Address, Merger, Person

_tables: dict[str, tuple[type[models.Model], str]] = {}


def move_with(table: type[models.Model], field: str) -> None:
    """Have the rows of `table` whose `field` is the one record go to the other, whenever two are merged."""
    _tables[f"{table._meta.label_lower}.{field}"] = (table, field)


@transaction.atomic
def merge_people(gone: Person, kept: Person, *, by: Agent) -> Merger:
    """They are one customer: her addresses, orders and conversations are on `kept` from now on.

    What is known of `kept` stays; only what it lacks is taken from `gone`. Refused for one and the same, for an
    erased or merged record, and where one of the two is under legal hold and the other is not.
    """
    gone, kept = _both_locked(gone, kept)
    _refuse(gone, kept)
    moved = {name: _move(name, gone, kept) for name in [*_own_tables(), *_tables]}
    filled = _fill(kept, gone)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    merger = Merger.objects.create(
        kept=kept, gone=gone, moved={"rows": moved, "filled": filled}, by=by, at=clock.now()
    )  # fmt: skip
    record("person.merged", about(kept), by=by.actor, gone=gone.pk, merger=merger.pk)
    return merger


@transaction.atomic
def undo_merger(merger: Merger, *, by: Agent) -> Merger:
    """They are two after all: every row that went over goes back. Refused a second time, or if `kept` is merged on."""
    merger = Merger.objects.select_for_update(of=("self",)).get(pk=merger.pk)
    gone, kept = _both_locked(merger.gone, merger.kept)
    if merger.undone_at or kept.merged_into_id or kept.erased_at:
        raise Refused(_("This has been undone already, or changed since. Reload the page to see how it stands."))
    for name, pks in merger.moved["rows"].items():
        _put(name, pks, gone)
    for name in merger.moved["filled"]:
        setattr(kept, name, None if name == "since" else "")
    kept.save()
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    merger.undone_at, merger.undone_by = clock.now(), by
    merger.save(update_fields=["undone_at", "undone_by"])
    record("person.parted", about(kept), by=by.actor, gone=gone.pk, merger=merger.pk)
    return merger


def _own_tables() -> dict[str, tuple[type[models.Model], str]]:
    return {"people.address.person": (Address, "person")}


def _move(name: str, gone: Person, kept: Person) -> list[int]:
    table, field = {**_own_tables(), **_tables}[name]
    pks = list(table._default_manager.filter(**{field: gone}).values_list("pk", flat=True))
    _put(name, pks, kept)
    return pks


def _put(name: str, pks: list[int], person: Person) -> None:
    known = {**_own_tables(), **_tables}
    if name in known:
        table, field = known[name]
        table._default_manager.filter(pk__in=pks).update(**{field: person})


def _fill(kept: Person, gone: Person) -> list[str]:
    """What only the other record knows: the fields that were filled. First names stay as she permitted them."""
    names = ("name", "first_name", "country", "postcode", "since")
    wanted: dict[str, Any] = {name: getattr(gone, name) for name in names}
    filled = [name for name, value in wanted.items() if value and not getattr(kept, name)]
    for name in filled:
        setattr(kept, name, wanted[name])
    if filled:
        kept.save(update_fields=filled)
    return filled


def _refuse(gone: Person, kept: Person) -> None:
    if gone.pk == kept.pk:
        raise Refused(_("This is one and the same customer already."))
    if gone.merged_into_id or kept.merged_into_id or gone.erased_at or kept.erased_at:
        raise Refused(_("This customer's record is no longer used. Choose the one that is."))
    if gone.legal_hold != kept.legal_hold:
        raise Refused(_("One of the two is under legal hold and the other is not. Ask a manager first."))


def _both_locked(one: Person, other: Person) -> tuple[Person, Person]:
    """Both rows locked, always in the same order, so that two who merge crosswise cannot wait for each other."""
    rows = {pk: Person.objects.select_for_update().get(pk=pk) for pk in sorted({one.pk, other.pk})}
    return rows[one.pk], rows[other.pk]
