"""Why a reply was held back: what the writer must see before she sends it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from goodword.desk.models import Message
from goodword.lib.errors import Refused


class StaleReply(Refused):
    """The customer or a colleague wrote after the writer last looked; `message` is the newest she has not seen."""

    kind = "stale"

    def __init__(self, message: Message) -> None:
        super().__init__(_("Somebody has written here since you last looked. Read it before you send your answer."))
        self.message = message


class DiffersFromDecision(Refused):
    """Amounts, dates or outcome words differ from what was decided; `differences` says which and where."""

    kind = "differs"

    def __init__(self, differences: Sequence[Any]) -> None:
        super().__init__(_("The answer differs from the decision. Correct it, or send it as it is by confirming that."))
        self.differences = list(differences)
