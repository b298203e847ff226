"""Policies as staff read them: what each is about, and where the book had no answer."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from goodword.desk.models import Gap
from goodword.engine import Policy
from goodword.policies.queries import current_book
from goodword.web.shown.rows import policy_title
from goodword.web.shown.words import reading_language


@dataclass(frozen=True)
class ShownPolicy:
    """A policy in the list and at the head of its own page."""

    code: str
    title: str
    summary: str
    valid_from: date | None
    review_by: date | None
    audience: str
    status: str
    owner: str
    file: str
    rules: int


@dataclass(frozen=True)
class ShownGap:
    """Where the book had no answer."""

    policy: str
    owner: str
    note: str
    number: int
    by: str
    at: datetime


def shown_policy(policy: Policy) -> ShownPolicy:
    """A policy in the reader's language."""
    language = reading_language()
    rules = sum(len(table.rows) for table in policy.decisions.values())
    return ShownPolicy(
        policy.code, policy.title(language), policy.summary(language), policy.valid_from, policy.review_by,
        policy.audience, policy.status, policy.owner, policy.file, rules,
    )  # fmt: skip


def shown_gap(gap: Gap) -> ShownGap:
    """A gap with the conversation it showed in."""
    title = policy_title(current_book(), gap.policy, reading_language()) if gap.policy else _("No policy applies")
    by = gap.reported_by.name if gap.reported_by else _("The desk")
    return ShownGap(title, gap.owner, gap.note, gap.matter.conversation.number, by, gap.reported_at)
