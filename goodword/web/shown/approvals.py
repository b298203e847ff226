"""Requests for approval in a list: what is asked, for whom, and why."""

from dataclasses import dataclass

from goodword.accounts.models import Agent
from goodword.desk.models import Approval, Matter
from goodword.policies.queries import current_book
from goodword.web.shown.decisions import ShownApproval, ShownDecision, shown_approval, shown_decision
from goodword.web.shown.rows import policy_title
from goodword.web.shown.words import moment_words, reading_language


@dataclass(frozen=True)
class ShownRequest:
    """One request with everything needed to answer it without opening the conversation."""

    number: int
    customer: str
    about: str
    situation: str
    asked_when: str
    decision: ShownDecision
    approval: ShownApproval


def shown_request(approval: Approval, agent: Agent) -> ShownRequest:
    """A request as `agent` reads it."""
    decision = approval.decision
    matter, book = decision.matter, current_book()
    conversation = matter.conversation
    return ShownRequest(
        number=conversation.number,
        customer=conversation.person.name if conversation.person else "",
        about=about_words(matter),
        situation=policy_title(book, decision.policy, reading_language()),
        asked_when=moment_words(approval.asked_at),
        decision=shown_decision(decision, agent),
        approval=shown_approval(approval, agent, book),
    )


def about_words(matter: Matter) -> str:
    """The order and the product a matter is about; empty where it is about none."""
    parts = [matter.purchase.number if matter.purchase else ""]
    parts.append(matter.line.product.name(reading_language()) if matter.line else "")
    return " · ".join(part for part in parts if part)
