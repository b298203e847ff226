"""Erasing a person from what was brought in: her name there, and what a line said beside its messages."""

from goodword.imports.models import ImportedConversation, ImportedPerson
from goodword.people.models import Person


def erase_from_imports(person: Person) -> None:
    """Blank keys and details; the digests stay, so that the same file does not bring her back."""
    ImportedPerson.objects.filter(person=person).update(key="")
    ImportedConversation.objects.filter(conversation__person=person).update(key="", details={})
