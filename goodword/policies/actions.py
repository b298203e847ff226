"""Publishing the book, drafting the next one, and noting what is wrong with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword import engine
from goodword.accounts.models import Agent
from goodword.accounts.queries import actor_of
from goodword.journal.actions import record
from goodword.lib import clock
from goodword.lib.errors import Refused
from goodword.policies.errors import BookInvalid
from goodword.policies.folder import check_names, read_folder, write_folder
from goodword.policies.keepers import require_keeper
from goodword.policies.models import BookProblem, Draft, Publication
from goodword.policies.queries import current_draft, current_publication, findings_in, open_problem, parsed

_ABOUT = "book"


def publish(files: Mapping[str, str], *, by: Agent | None, note: str = "") -> Publication:
    """Check the book and put it in force from this moment; text that is in force already is not published again.

    Raises BookInvalid with every finding if there is an error; then nothing has changed.
    """
    check_names(files)
    findings = findings_in(files, clock.now().date())
    if any(finding.level == "error" for finding in findings):
        raise BookInvalid(findings)
    book = parsed(files)
    with transaction.atomic():
        newest = Publication.objects.select_for_update().order_by("-id").first()
        if newest and newest.hash == book.hash and newest.files == dict(files):
            return newest
        return _put_in_force(book, dict(files), by, note)


def publish_folder(path: Path | str, *, by: Agent | None = None, note: str = "") -> Publication:
    """Publish a book folder and mark its earlier problem, if any, as mended. Raises BookInvalid."""
    publication = publish(read_folder(Path(path)), by=by, note=note)
    mend_problem()
    return publication


def export_folder(publication: Publication, path: Path | str) -> None:
    """Write a version as the folder it came from, byte for byte. Raises Refused if something is there already."""
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not an empty folder. Name a new one, so that nothing is overwritten.")
    write_folder(publication.files, folder)


@transaction.atomic
def report_problem(findings: Sequence[engine.Finding]) -> BookProblem:
    """Keep what is wrong with the changed folder; the last good version stays in force."""
    as_json = [finding.to_json() for finding in findings]
    known = open_problem()
    if known and known.findings == as_json:
        return known
    mend_problem()
    problem = BookProblem.objects.create(found_at=clock.now(), findings=as_json)
    record("book.problem", _ABOUT, by="system", problem=problem.pk, findings=len(as_json))
    return problem


@transaction.atomic
def mend_problem() -> bool:
    """Mark whatever was wrong with the folder as mended; says whether there was anything."""
    mended = BookProblem.objects.filter(mended_at=None).update(mended_at=clock.now())
    if mended:
        record("book.mended", _ABOUT, by="system")
    return bool(mended)


@transaction.atomic
def start_draft(*, by: Agent) -> Draft:
    """The draft everybody works on: the one there is, or a new one from the book in force. Refused but for keepers."""
    require_keeper(by)
    draft = current_draft()
    if draft:
        return draft
    newest = current_publication()
    draft = Draft.objects.create(files=newest.files, based_on=newest, by=by, changed_at=clock.now())
    record("draft.started", _ABOUT, by=by.actor, draft=draft.pk, publication=newest.pk)
    return draft


@transaction.atomic
def save_draft(draft: Draft, files: Mapping[str, str], *, by: Agent) -> Draft:
    """Keep the draft's text as it is now, mistakes and all. Raises BookInvalid only for impossible file names."""
    require_keeper(by)
    check_names(files)
    draft.files, draft.by, draft.changed_at = dict(files), by, clock.now()
    draft.save(update_fields=["files", "by", "changed_at"])
    record("draft.saved", _ABOUT, by=by.actor, draft=draft.pk)
    return draft


@transaction.atomic
def discard_draft(draft: Draft, *, by: Agent) -> None:
    """Throw the draft away."""
    require_keeper(by)
    record("draft.discarded", _ABOUT, by=by.actor, draft=draft.pk)
    draft.delete()


def publish_draft(draft: Draft, *, by: Agent, note: str = "") -> Publication:
    """Put the draft in force and end it. Raises BookInvalid; Refused if the book was published again meanwhile."""
    require_keeper(by)
    if current_publication().hash != draft.based_on.hash:
        raise Refused(
            _(
                "The book was published again since this draft began, and publishing it now would undo that. "
                "Keep your text, discard the draft and begin again from the book in force."
            )
        )
    publication = publish(draft.files, by=by, note=note)
    draft.delete()
    return publication


def _put_in_force(book: engine.Book, files: dict[str, Any], by: Agent | None, note: str) -> Publication:
    publication = Publication.objects.create(
        hash=book.hash,
        rules_hash=book.rules_hash,
        text_hash=book.text_hash,
        files=files,
        published_at=clock.now(),
        published_by=by,
        note=note,
    )
    record("book.published", _ABOUT, by=actor_of(by), publication=publication.pk, hash=book.hash)
    return publication
