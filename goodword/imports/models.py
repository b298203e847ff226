"""What was brought in from elsewhere, under which name it was known there, and how it read."""

from django.db import models

from goodword.desk.models import Conversation
from goodword.people.models import Person


class ImportedConversation(models.Model):
    """A conversation that took place at another desk.

    `digest` (of source and key) keeps it from being filed twice, also after `key` was erased with the customer;
    `fingerprint` tells whether the line it came from reads differently now. `details` holds what the desk has no
    place for: tags, ids, the inbox's address there, and what was decided there, which no book here can replay.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="imported")
    source = models.CharField(max_length=100, help_text="the desk or collection it comes from")
    key = models.CharField(max_length=200, blank=True, help_text="what it was called there")
    digest = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"imported conversation {self.pk}"


class ImportedPerson(models.Model):
    """What a customer was called at another desk, so that her next conversation from there finds her.

    The row outlives her erasure without its `key`: what is hers there is then not brought in again.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="imported_as")
    source = models.CharField(max_length=100)
    key = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"imported person {self.pk}"
