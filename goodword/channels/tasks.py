"""The work that the worker calls: each takes what is due and says how many rows it handled."""

from goodword.channels.intake import claim_due, take_in_claimed
from goodword.channels.sending import give_up_lapsed, send_queued


def take_in_due(limit: int = 40) -> int:
    """Take in up to about `limit` mails that wait: few, so that sending has its turn while many arrive."""
    handled = 0
    while handled < limit and (pks := claim_due()):
        take_in_claimed(pks)
        handled += len(pks)
    return handled


def send_due(limit: int = 100) -> int:
    """Send up to `limit` mails that wait by each server; what died in the middle becomes `unknown`."""
    handled = give_up_lapsed()
    return handled + send_queued(limit=limit)
