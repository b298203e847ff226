"""What a machine may ask of a book: decide, ask next, explain, read a clause. Plain values in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from goodword.engine.book import Book
from goodword.engine.deciding import Shelf, decide
from goodword.engine.decision import ASK, Decision
from goodword.engine.errors import EngineError, FactError, NotFound, near
from goodword.engine.explaining import explain
from goodword.engine.facts import facts_from_json
from goodword.engine.policy import Clause
from goodword.engine.publish import clause_markdown

Reader = Literal["customer", "agent"]
DAYS = ("purchase", "contact", "today")


@dataclass(frozen=True, slots=True)
class Asked:
    """Around the facts: the role that would decide, the day (today if None), governing days, the language."""

    role: str | None = None
    on: date | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    language: str | None = None

    def __post_init__(self) -> None:
        for name in self.days:
            if name not in DAYS:
                raise EngineError(f"no governing day `{name}`; there are {', '.join(DAYS)}")


class BookTools:
    """The tools over one book. `read` gives the shelf anew at each call, so that a newly published book is followed.

    Serving customers (`reader="customer"`), no clause, rule or limit that is for staff only is told.
    """

    def __init__(self, read: Callable[[], tuple[Book, Shelf]], reader: Reader = "customer") -> None:
        self.read, self.reader = read, reader

    @property
    def name(self) -> str:
        """The company's name."""
        return self.read()[0].name

    def decide(
        self, policy: str, facts: Mapping[str, Any], asked: Asked, conversation: int | None = None
    ) -> dict[str, Any]:
        """The decision with its words: what is given, why, by which clauses, or the one question that is open.

        Where a desk is behind the book, `conversation` is the one it is decided and recorded in.
        """
        if conversation is not None:
            raise EngineError("no desk is behind this book, so nothing can be recorded; leave `conversation` out")
        book, shelf = self.read()
        decision = self._decided(book, shelf, policy, facts, asked)
        return {**self._told(decision, book), **self._words(decision, book, shelf, asked.language)}

    def ask_next(self, policy: str, facts: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
        """The one question that settles most, with the values it may be answered with; or that none is open."""
        book, shelf = self.read()
        decision = self._decided(book, shelf, policy, facts, asked)
        if decision.status != ASK or decision.question is None:
            return {"status": decision.status, "question": None, "still_open": []}
        fact = book.facts.get(decision.question)
        language = self._language(book, asked.language)
        return {
            "status": ASK,
            "fact": decision.question,
            "question": book.question(decision.question, language),
            "kind": fact.kind if fact else "text",
            "values": list(fact.values) if fact else [],
            "still_open": list(decision.open),
        }

    def explain(self, policy: str, facts: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
        """Why it is decided so, in whole sentences in the language asked for."""
        book, shelf = self.read()
        decision = self._decided(book, shelf, policy, facts, asked)
        return {"status": decision.status, **self._words(decision, book, shelf, asked.language)}

    def read_clause(self, clause: str, asked: Asked) -> dict[str, Any]:
        """A clause as customers or staff read it, with the numbers of the day; `returns` lists a policy's clauses."""
        book, shelf = self.read()
        code, _, anchor = clause.partition("#")
        day = asked.on or today(book)
        policy = shelf.book_on(code, day).policy(code) if code in book.policies else book.policy(code)
        language = self._language(book, asked.language)
        shown = {one.id: one for one in policy.clauses.values() if self._may_read(one)}
        if not shown:
            raise NotFound(f"the policy `{code}` is not for customers")
        if not anchor:
            clauses = [{"clause": one.anchor, "heading": one.heading(language)} for one in shown.values()]
            return {"policy": code, "title": policy.title(language), "clauses": clauses}
        if anchor not in shown:
            raise NotFound(f"no clause `{clause}`: {near(anchor, list(shown))}")
        found = shown[anchor]
        text = clause_markdown(found, language, day)
        return {"clause": clause, "heading": found.heading(language), "text": text, "book": book.hash}

    def release(self) -> None:
        """Called in the thread that has answered: a desk gives back what it holds there. A book holds nothing."""

    def contents(self) -> list[dict[str, str]]:
        """The policies that can be decided or read, each with what it promises."""
        book, _ = self.read()
        language = book.languages[0]
        return [
            {"policy": policy.code, "title": policy.title(language), "summary": policy.summary(language)}
            for policy in book.policies.values()
            if any(self._may_read(clause) for clause in policy.clauses.values())
        ]

    def _decided(self, book: Book, shelf: Shelf, policy: str, facts: Mapping[str, Any], asked: Asked) -> Decision:
        if asked.role and asked.role not in book.roles:
            raise FactError(f"no role `{asked.role}`: {near(asked.role, list(book.roles))}")
        self._language(book, asked.language)
        on = asked.on or today(book)
        days = {name: asked.days.get(name, on) for name in DAYS}
        return decide(shelf, policy, facts_from_json(book, facts), days, role=asked.role)

    def _told(self, decision: Decision, book: Book) -> dict[str, Any]:
        """The decision as plain values; from a customer's assistant the rows that fired are kept, by number only."""
        whole = decision.to_json()
        kept = ("policy", "status", "outcome", "outputs", "question", "open", "authority", "clauses", "facts", "days")
        told = {name: whole[name] for name in kept}
        told["rules"] = [ref.id for ref in decision.fired]
        return {**told, "rules_hash": decision.hash, "book": book.hash}

    def _words(self, decision: Decision, book: Book, shelf: Shelf, language: str | None) -> dict[str, Any]:
        told = explain(decision, shelf, self._language(book, language), to=self.reader)
        return {"summary": told.summary, "reasons": list(told.reasons), "boundary": told.boundary}

    def _language(self, book: Book, language: str | None) -> str:
        if language and language not in book.languages:
            raise NotFound(f"the book is not written in `{language}`; it has {', '.join(book.languages)}")
        return language or book.languages[0]

    def _may_read(self, clause: Clause) -> bool:
        public = clause.audience == "public" and clause.of.audience == "public"
        return clause.status == "published" and clause.of.status == "published" and (public or self.reader == "agent")


def today(book: Book) -> date:
    """Today where the company is."""
    return datetime.now(ZoneInfo(book.time_zone)).date()
