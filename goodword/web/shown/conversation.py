"""Everything the conversation page shows, gathered once; each part of the page reads from here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from goodword.accounts.models import Agent
from goodword.desk.identity import Identity, identity_of
from goodword.desk.models import Conversation, Draft, Matter, Message
from goodword.desk.queries.conversations import reply_address, thread
from goodword.journal.queries import timeline
from goodword.policies.queries import current_book
from goodword.promises.explaining import WhyThisDeadline, explain_deadline
from goodword.promises.queries import open_promise
from goodword.web.drafts import reading_words
from goodword.web.shown.handling import Handling
from goodword.web.shown.matters import ShownMatter, shown_matter
from goodword.web.shown.messages import ShownMessage, shown_message
from goodword.web.shown.origin import ShownOrigin, shown_origin
from goodword.web.shown.person import ShownPerson, language_name, shown_person, spoken_language_name
from goodword.web.shown.rows import policy_title
from goodword.web.shown.story import Line, story
from goodword.web.shown.words import OUTCOME_ICONS, action_words, moment_words, outcome_words, reading_language


@dataclass(frozen=True)
class ShownPromise:
    """By when an answer is promised, and why just then."""

    by_at: datetime
    at: str
    why: WhyThisDeadline


@dataclass
class ConversationPage:
    """One conversation for one agent. `stale` and `differences` say why a reply was held back."""

    conversation: Conversation
    agent: Agent
    draft: Draft | None
    text: str | None = None
    stale: Message | None = None
    differences: Sequence[Any] = field(default_factory=tuple)

    @property
    def subject(self) -> str:
        """What the customer called it."""
        return self.conversation.subject or _("No subject")

    @cached_property
    def origin(self) -> ShownOrigin | None:
        """Where it was brought in from."""
        return shown_origin(self.conversation)

    @cached_property
    def messages(self) -> list[ShownMessage]:
        """The thread, the oldest first."""
        return [shown_message(each) for each in thread(self.conversation)]

    @property
    def last_seen(self) -> int | None:
        """The newest message on this page: a reply is stopped if the customer wrote after it."""
        return self.messages[-1].pk if self.messages else None

    @cached_property
    def matters(self) -> list[ShownMatter]:
        """The matters that have not been withdrawn."""
        matters = self.conversation.matters.exclude(state=Matter.WITHDRAWN)
        found = matters.select_related("purchase__person", "line__product", "conversation__person")
        return [shown_matter(each, self.agent) for each in found]

    @cached_property
    def person(self) -> ShownPerson:
        """The customer's card."""
        return shown_person(self.conversation, self.agent)

    @cached_property
    def story(self) -> list[Line]:
        """The journal in words, the newest first; that of conversations merged into this one with it."""
        merged = self.conversation.merged_from.all()
        return story(timeline(self.conversation.about, *(each.about for each in merged)))[::-1]

    @cached_property
    def promise(self) -> ShownPromise | None:
        """What is promised and not yet kept."""
        promise = open_promise(self.conversation)
        if promise is None:
            return None
        return ShownPromise(
            by_at=promise.by_at,
            at=moment_words(promise.by_at),
            why=explain_deadline(promise, reading_language()),
        )

    @cached_property
    def handling(self) -> Handling:
        """What can be done with it as a whole."""
        return Handling(self.conversation, self.agent)

    @property
    def language_name(self) -> str:
        """The customer's language in the agent's."""
        return language_name(self.conversation.language)

    @cached_property
    def identity(self) -> Identity:
        """How far the writer is known, and why."""
        return identity_of(self.conversation)

    @property
    def spoken_language(self) -> str:
        """The same inside a sentence."""
        return spoken_language_name(self.conversation.language)

    @cached_property
    def reply_address(self) -> str:
        """Where the answer goes."""
        return reply_address(self.conversation)

    @property
    def draft_text(self) -> str:
        """What stands in the reply box."""
        return self.text if self.text is not None else (self.draft.text if self.draft else "")

    @cached_property
    def reading(self) -> str:
        """The offered words in the agent's own language, where the customer's is another."""
        return reading_words(self.conversation, self.agent, self.draft)

    @property
    def draft_kept(self) -> str:
        """When the draft was kept last."""
        return moment_words(self.draft.changed_at) if self.draft and self.draft.text else ""

    @cached_property
    def situations(self) -> list[tuple[str, str]]:
        """What a matter can be about: the policies that decide something, and none."""
        book, language = current_book(), reading_language()
        policies = sorted(book.policies.values(), key=lambda policy: policy.order)
        deciding = [policy.code for policy in policies if policy.decisions and policy.status == "published"]
        return [("", _("No policy applies")), *((code, policy_title(book, code, language)) for code in deciding)]

    @cached_property
    def lines(self) -> list[tuple[str, str]]:
        """The order lines a matter can be about, of the customer's own orders and those already named."""
        choices: dict[str, str] = {"": _("No order")}
        for order in self.person.orders:
            if len(order.lines) != 1:
                choices[f"order:{order.pk}"] = _("Order %(number)s") % {"number": order.number}
            choices |= {f"line:{line.pk}": f"{order.number} · {line.name}" for line in order.lines}
        for matter in self.conversation.matters.select_related("purchase", "line__product"):
            if matter.line and matter.purchase:
                name = matter.line.product.name(reading_language())
                choices.setdefault(f"line:{matter.line_id}", f"{matter.purchase.number} · {name}")
            elif matter.purchase:
                choices.setdefault(
                    f"order:{matter.purchase_id}", _("Order %(number)s") % {"number": matter.purchase.number}
                )
        return list(choices.items())

    @cached_property
    def order_numbers(self) -> set[str]:
        """The orders this conversation is about; their folds stand open."""
        found = self.conversation.matters.exclude(purchase=None).values_list("purchase__number", flat=True)
        return set(found)

    @cached_property
    def proofs(self) -> list[tuple[str, str]]:
        """How a writer can prove who she is, by the book."""
        fact = current_book().facts.get("identity_proof")
        if fact is None:
            return [("two-details", _("Two details of the order")), ("code", _("The code we sent"))]
        return [(value, fact.value_label(value, reading_language())) for value in fact.values if value != "none"]

    @cached_property
    def outcomes(self) -> list[tuple[str, str, str]]:
        """Every outcome the book knows, in words, with its icon."""
        output = current_book().outputs.get("outcome")
        codes = list(output.values) if output else []
        return [(code, outcome_words(current_book(), code), OUTCOME_ICONS.get(code, "check")) for code in codes]

    @cached_property
    def action_kinds(self) -> list[tuple[str, str]]:
        """Every action the book knows, in words."""
        return [(code, action_words(current_book(), code)) for code in current_book().actions]

    @property
    def amount_outputs(self) -> list[tuple[str, str, str]]:
        """What a departure can give in figures: code, label and unit of each amount and percentage of the book."""
        book = current_book()
        kinds = {"percent": "%", "money": book.currency}
        figures = [output for output in book.outputs.values() if output.kind in kinds]
        return [(each.code, each.label(reading_language()), kinds[each.kind]) for each in figures]
