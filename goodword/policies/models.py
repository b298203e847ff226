"""Published versions of the book, and the draft a manager is writing."""

from django.db import models

from goodword.accounts.models import Agent


class Publication(models.Model):
    """A version of the whole book as it was published. Its content never changes.

    `files` maps each path of the book folder to its text, so that exporting a version loses nothing.
    """

    hash = models.CharField(max_length=64, db_index=True)
    rules_hash = models.CharField(max_length=64, db_index=True)
    text_hash = models.CharField(max_length=64)
    files = models.JSONField()
    published_at = models.DateTimeField(db_index=True)
    published_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"book {self.hash[:12]}"


class Draft(models.Model):
    """The book as a manager is changing it. One draft at a time; `based_on` is what it started from."""

    files = models.JSONField()
    based_on = models.ForeignKey(Publication, on_delete=models.PROTECT)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT)
    changed_at = models.DateTimeField()


class BookProblem(models.Model):
    """The findings that kept a changed book folder from being published; the last good version runs on."""

    found_at = models.DateTimeField()
    findings = models.JSONField()
    mended_at = models.DateTimeField(null=True)
