"""The book piece by piece: one clause, the public text of a policy in one language, and every published version."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from goodword import engine
from goodword.api.asked import Word
from goodword.api.keys import caller_with
from goodword.api.paging import Next, Paged, pages_by_id
from goodword.api.policies import ClauseOut, clause_out, known_policy
from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import Day
from goodword.lib import clock
from goodword.lib.errors import NotFound
from goodword.policies.queries import current_book, history, shelf

router = Router(tags=["policies"])


class AsOf(Schema):
    """As of when."""

    on: Day | None = Field(default=None, description="The day whose version is wanted; today if left out.")


class InALanguage(AsOf):
    """As of when, and in which language."""

    language: Annotated[str, Field(max_length=10)] = Field(default="", description="The book's first if left out.")


class ClauseInForce(ClauseOut):
    """A clause as it stood on `day`."""

    policy: str
    day: date
    book: str = Field(description="Hash of the book version in force on that day.")


class PublicText(Schema):
    """What the public reads of a policy: no table, no draft, nothing for staff."""

    policy: str
    language: str
    title: str
    summary: str
    html: str
    day: date
    valid_from: date | None
    book: str = Field(description="Hash of the book version in force on that day.")


class VersionOut(Schema):
    """A published version of the book."""

    hash: str
    rules_hash: str = Field(description="Of tables and parameters alone: equal where only words have changed.")
    published_at: datetime
    published_by: str | None
    note: str


class VersionPage(Schema):
    """The newest first; that is the one in force."""

    versions: list[VersionOut]
    next: Next


@router.get("/policies/{code}/clauses/{clause}", response=ClauseInForce, summary="One clause")
def read_clause(request: HttpRequest, code: Word, clause: Word, wanted: Query[AsOf]) -> ClauseInForce:
    """The version in force on a day, its prose filled with that day's parameters."""
    caller_with(request, "policies:read")
    book, policy, day = _in_force(code, wanted.on)
    found = policy.clauses.get(clause)
    if found is None:
        raise NotFound(f"The policy has no such clause. It has: {', '.join(policy.clauses)}.")
    return ClauseInForce(**clause_out(book, found, day).model_dump(), policy=policy.code, day=day, book=book.hash)


@router.get("/policies/{code}/text", response=PublicText, summary="Its public text in one language")
def read_text(request: HttpRequest, code: Word, wanted: Query[InALanguage]) -> PublicText:
    """404 for a policy that is not for the public."""
    caller_with(request, "policies:read")
    book, policy, day = _in_force(code, wanted.on)
    if policy.audience != "public" or policy.status != "published":
        raise NotFound("This policy is not for the public.")
    language = wanted.language or book.languages[0]
    if language not in book.languages:
        message = f"`{language}` is not one of {', '.join(book.languages)}."
        raise ApiError(
            422, message, kind="unknown-name", errors=[FieldProblem(field="query.language", message=message)]
        )
    return PublicText(
        policy=policy.code, language=language, title=policy.title(language), summary=policy.summary(language) or "",
        html=policy.html(language, day), day=day, valid_from=policy.valid_from, book=book.hash,
    )  # fmt: skip


@router.get("/versions", response=VersionPage, summary="Every published version of the book")
def list_versions(request: HttpRequest, wanted: Query[Paged]) -> VersionPage:
    """By hash, as decisions name them."""
    caller_with(request, "policies:read")
    shown, following = pages_by_id(history(), wanted, newest_first=True)
    versions = [
        VersionOut(
            hash=each.hash, rules_hash=each.rules_hash, published_at=each.published_at, note=each.note,
            published_by=each.published_by.name if each.published_by else None,
        )
        for each in shown
    ]  # fmt: skip
    return VersionPage(versions=versions, next=following)


def _in_force(code: str, on: date | None) -> tuple[engine.Book, engine.Policy, date]:
    current = current_book()
    known_policy(current, code)
    day = on or clock.today(current.time_zone)
    book = shelf().book_on(code, day)
    return book, book.policies[code], day
