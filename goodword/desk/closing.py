"""How a conversation may end: the book's own list of endings, and what is still undecided in it."""

from django.utils.translation import gettext as _

from goodword import engine
from goodword.desk.models import Conversation, Decision, Matter
from goodword.lib.errors import Invalid, Refused
from goodword.policies.queries import current_book

ENDING = "ending"


def endings(language: str) -> list[tuple[str, str]]:
    """Code and words of every ending that the book lists, in its order; empty if it lists none."""
    fact = current_book().facts.get(ENDING)
    return [(code, fact.value_label(code, language)) for code in fact.values] if fact else []


def check_ending(outcome: str) -> str:
    """The outcome as it is kept. Raises Invalid for one the book does not list; a book without a list takes any."""
    fact = current_book().facts.get(ENDING)
    if fact is None:
        return outcome.strip()[:60]
    if outcome not in fact.values:
        known = ", ".join(fact.values)
        raise Invalid(_("Choose how it ended. The policy book knows: %(known)s.") % {"known": known}, field="outcome")
    return outcome


def undecided_matters(conversation: Conversation) -> list[Matter]:
    """The matters on which the book could say something and nobody has decided."""
    book = current_book()
    found = conversation.matters.filter(state=Matter.OPEN).exclude(policy="")
    return [matter for matter in found if _could_be_decided(book, matter) and not _is_left_as_decided(matter)]


def refuse_undecided(conversation: Conversation, why: str) -> list[Matter]:
    """The undecided matters it is closed over. Raises Refused if there are any and nobody says why."""
    undecided = undecided_matters(conversation)
    if undecided and not why.strip():
        raise Refused(_("Something here is not decided yet. Decide it, take the matter back, or say why it ends so."))
    return undecided


def _could_be_decided(book: engine.Book, matter: Matter) -> bool:
    policy = book.policies.get(matter.policy.partition("/")[0])
    return policy is not None and bool(policy.decisions)


def _is_left_as_decided(matter: Matter) -> bool:
    return matter.decisions.filter(state__in=[Decision.FINAL]).exclude(message=None).exists()
