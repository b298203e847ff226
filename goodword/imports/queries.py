"""What was brought in, for whoever shows or counts it."""

from goodword.desk.models import Conversation
from goodword.imports.models import ImportedConversation


def origin_of(conversation: Conversation) -> ImportedConversation | None:
    """Where a conversation was brought in from; None for one that began here. Surveys and the like leave it alone."""
    return ImportedConversation.objects.filter(conversation=conversation).first()
