"""AI assistants at the desk: the engine's tools over the published book, and decisions recorded where they belong."""

import argparse
from collections.abc import Mapping
from typing import Any

from django.db import connection

from goodword.accounts.models import Agent
from goodword.accounts.queries import agent_by_email
from goodword.desk.actions.decisions import decide
from goodword.desk.actions.matters import state_fact
from goodword.desk.models import Matter
from goodword.desk.queries.advice import ASK, DECIDED, advice_for
from goodword.desk.queries.conversations import conversation_for
from goodword.engine import EngineError
from goodword.engine.assistant.tools import Asked, BookTools, Reader
from goodword.engine.cli_mcp import serve as serve_tools
from goodword.lib.errors import GoodwordError, Invalid, NotFound
from goodword.policies.queries import current_book, shelf


def serve(arguments: argparse.Namespace) -> int:
    """Serve the desk's book to assistants, who work as one agent, until stopped."""
    agent = agent_by_email(arguments.agent)
    try:
        return serve_tools(DeskTools(agent, arguments.reader), arguments.http)
    except EngineError as error:
        raise Invalid(str(error)) from None


class DeskTools(BookTools):
    """The tools with a desk behind them: a decision with a `conversation` is made there, by the assistant's agent.

    She has the authority, the eyes and the duties of any agent: what she may not see is not found, what needs a
    manager is proposed only, and facts that only a record may say are not taken from her.
    """

    def __init__(self, agent: Agent, reader: Reader = "customer") -> None:
        super().__init__(lambda: (current_book(), shelf()), reader)
        self.agent = agent

    def decide(
        self, policy: str, facts: Mapping[str, Any], asked: Asked, conversation: int | None = None
    ) -> dict[str, Any]:
        """As without a desk; in a conversation the facts are kept, and the decision is stored with its frozen facts."""
        if conversation is None:
            return super().decide(policy, facts, asked)
        try:
            return self._decided_in(conversation, policy, facts)
        except GoodwordError as error:
            raise EngineError(str(error)) from None

    def release(self) -> None:
        """A server's threads live long; a database's connections need not."""
        connection.close()

    def _decided_in(self, number: int, policy: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        matter = self._matter(number, policy)
        for fact, value in facts.items():
            state_fact(matter, fact, value, by=self.agent)
        advice = advice_for(matter, self.agent)
        if advice.status == ASK and advice.question:
            words = advice.question.questions.get(advice.agent_language, "")
            return {"status": ASK, "fact": advice.question.fact, "question": words, "recorded": None}
        if advice.status != DECIDED:
            raise NotFound("The book has no rule for this situation. Hand the conversation to a person.")
        decision = decide(matter, by=self.agent)
        return {
            "status": DECIDED,
            "outcome": decision.outcome,
            "outputs": decision.outputs,
            "authority": decision.authority,
            "explanation": decision.explanation,
            "words": decision.draft_offered,
            "book": decision.book_hash,
            "recorded": {"decision": decision.pk, "state": decision.state, "matter": matter.pk},
        }

    def _matter(self, number: int, policy: str) -> Matter:
        """The one open matter of a conversation that is about this policy."""
        conversation = conversation_for(self.agent, number)
        found = list(conversation.matters.filter(policy=policy, state=Matter.OPEN))
        if len(found) == 1:
            return found[0]
        known = sorted(set(conversation.matters.filter(state=Matter.OPEN).values_list("policy", flat=True)) - {""})
        if found:
            raise Invalid(
                f"Conversation {number} has {len(found)} matters about `{policy}`; a person has to say which."
            )
        raise NotFound(
            f"Conversation {number} has no open matter about `{policy}`; open are: {', '.join(known) or 'none'}."
        )
