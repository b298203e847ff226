"""A conversation as a whole, in words: what was corrected, on offer, complained of, merged and split."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from goodword.accounts.models import Agent, Team
from goodword.desk.actions.complaints import complaint_of
from goodword.desk.actions.transfers import may_accept
from goodword.desk.closing import endings, undecided_matters
from goodword.desk.models import Complaint, Conversation, Correction, Regrouping, Transfer
from goodword.desk.queries.conversations import earlier_contacts
from goodword.desk.queries.likely_customers import likely_customers
from goodword.people.models import Merger, Person
from goodword.policies.queries import current_book
from goodword.web.shown.person import language_name
from goodword.web.shown.rows import policy_title
from goodword.web.shown.words import department_words, moment_words, reading_language

MOST_OTHERS = 12


@dataclass(frozen=True)
class ShownUndo:
    """Something that can be taken back in one click."""

    pk: int
    words: str
    by: str
    when: str


@dataclass(frozen=True)
class ShownTransfer:
    """What is on offer to a department. `may`: the reader may take it; `own`: it is her offer."""

    pk: int
    department: str
    note: str
    by: str
    when: str
    may: bool
    own: bool


@dataclass
class Handling:
    """What can be done with the conversation as a whole, by `agent`."""

    conversation: Conversation
    agent: Agent

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """Every language that the book speaks; the conversation's own too, if it is another."""
        codes = dict.fromkeys([*current_book().languages, self.conversation.language])
        return [(code, language_name(code)) for code in codes]

    @cached_property
    def correction(self) -> ShownUndo | None:
        """The last correction that stands."""
        rows = Correction.objects.filter(conversation=self.conversation, undone_at=None).select_related("by")
        last = rows.order_by("pk").last()
        return ShownUndo(last.pk, _correction_words(last), last.by.name, moment_words(last.at)) if last else None

    @cached_property
    def likely_customers(self) -> list[Person]:
        """Whose it may really be."""
        return likely_customers(self.conversation)

    @cached_property
    def transfer(self) -> ShownTransfer | None:
        """What is on offer now."""
        rows = self.conversation.transfers.filter(state=Transfer.OFFERED).select_related("offered_by")
        offered = rows.first()
        if offered is None:
            return None
        return ShownTransfer(
            pk=offered.pk,
            department=department_words(current_book(), offered.department),
            note=offered.note,
            by=offered.offered_by.name,
            when=moment_words(offered.offered_at),
            may=may_accept(offered, self.agent),
            own=offered.offered_by_id == self.agent.pk,
        )

    @cached_property
    def departments(self) -> list[tuple[str, str]]:
        """The departments of the book in which a team works, but the one it is with."""
        book, team = current_book(), self.conversation.team
        staffed = set(Team.objects.values_list("department", flat=True))
        staffed -= {team.department} if team else set(self.agent.teams.values_list("department", flat=True))
        return [(code, department_words(book, code)) for code in book.departments if code in staffed]

    @cached_property
    def complaint(self) -> Complaint | None:
        """The mark that stands."""
        return complaint_of(self.conversation)

    @cached_property
    def others(self) -> Sequence[Conversation]:
        """Her other conversations that this agent may see."""
        person = self.conversation.person
        if person is None:
            return []
        return list(earlier_contacts(self.agent, person).exclude(pk=self.conversation.pk)[:MOST_OTHERS])

    @cached_property
    def regroupings(self) -> list[ShownUndo]:
        """What came into it from others, the last first, and can go back."""
        rows = Regrouping.objects.filter(target=self.conversation, undone_at=None).select_related("source", "by")
        return [
            ShownUndo(each.pk, _regrouping_words(each), each.by.name, moment_words(each.at))
            for each in rows.order_by("-pk")
        ]

    @cached_property
    def mergers(self) -> list[ShownUndo]:
        """The records that became this customer's."""
        rows = Merger.objects.filter(kept=self.conversation.person_id, undone_at=None).select_related("by", "gone")
        if self.conversation.person_id is None:
            return []
        return [
            ShownUndo(each.pk, each.gone.name or _("A writer without a name"), each.by.name, moment_words(each.at))
            for each in rows
        ]

    @property
    def follows(self) -> int | None:
        """The number of the closed conversation that this one goes on from."""
        return self.conversation.follows.number if self.conversation.follows else None

    @cached_property
    def endings(self) -> list[tuple[str, str]]:
        """How it can end, as the book lists it."""
        return endings(reading_language())

    @cached_property
    def undecided(self) -> list[str]:
        """What is not decided yet: closing over it needs a word of why."""
        book, language = current_book(), reading_language()
        return [policy_title(book, each.policy, language) for each in undecided_matters(self.conversation)]


def _correction_words(correction: Correction) -> str:
    if correction.kind == "language":
        names = {key: language_name(kept["language"]) for key, kept in _both(correction)}
        return _("Language corrected: %(before)s became %(after)s.") % names
    return {
        "person": _("Customer corrected."),
        "matter": _("Matter corrected."),
        "added": _("Matter added."),
        "withdrawn": _("Matter taken out."),
        "moved": _("Matter moved to another conversation."),
    }[correction.kind]


def _both(correction: Correction) -> list[tuple[str, dict[str, str]]]:
    return [("before", correction.before), ("after", correction.after)]


def _regrouping_words(regrouping: Regrouping) -> str:
    number = {"number": regrouping.source.number}
    if regrouping.kind == Regrouping.MERGE:
        return _("Conversation %(number)s was merged into this one.") % number
    return _("This was split off from conversation %(number)s.") % number
