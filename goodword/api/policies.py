"""GET /policies: the company's word as programs read it."""

from datetime import date

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from goodword import engine
from goodword.api.asked import Word
from goodword.api.keys import caller_with
from goodword.api.problems import ApiError, FieldProblem
from goodword.api.values import Day
from goodword.engine.errors import near
from goodword.lib import clock
from goodword.lib.errors import NotFound
from goodword.policies.queries import current_book, shelf

router = Router(tags=["policies"])


class PolicyOut(Schema):
    """A policy in short. `title` and `summary` are by language."""

    code: str
    title: dict[str, str]
    summary: dict[str, str]
    audience: str = Field(description="public, or staff: never shown to customers.")
    status: str = Field(description="published, or draft: not yet in force.")
    valid_from: date | None
    review_by: date | None
    governed_by: str | None = Field(description="Which day picks the version: purchase, contact or today.")
    owner: str | None


class ClauseOut(Schema):
    """One clause, its parameters filled in as of the day asked for. `text` is Markdown by language."""

    anchor: str = Field(examples=["returns#hygiene"])
    heading: dict[str, str]
    html: dict[str, str]
    audience: str
    status: str
    disclose: list[str]


class PolicyInFull(PolicyOut):
    """A policy with its clauses as they stood on `day`, and the hash of the book they are from."""

    day: date
    book: str = Field(description="Hash of the book version in force on that day.")
    clauses: list[ClauseOut]


class PolicyList(Schema):
    """Every policy of the book in force, in the order of the handbook."""

    book: str
    languages: list[str]
    policies: list[PolicyOut]


@router.get("/policies", response=PolicyList, summary="Every policy of the book in force")
def list_policies(request: HttpRequest) -> PolicyList:
    """Staff policies and drafts are in the list, and marked: a key has an agent's eyes."""
    caller_with(request, "policies:read")
    book = current_book()
    policies = sorted(book.policies.values(), key=lambda policy: (policy.order, policy.code))
    return PolicyList(book=book.hash, languages=list(book.languages), policies=[_short(book, p) for p in policies])


class Wanted(Schema):
    """As of when."""

    on: Day | None = Field(default=None, description="The day whose version is wanted; today if left out.")


@router.get("/policies/{code}", response=PolicyInFull, summary="One policy with its clauses")
def read_policy(request: HttpRequest, code: Word, wanted: Query[Wanted]) -> PolicyInFull:
    """The version in force on a day, its prose filled with that day's parameters."""
    caller_with(request, "policies:read")
    current = current_book()
    known_policy(current, code)
    day = wanted.on or clock.today(current.time_zone)
    book = shelf().book_on(code, day)
    policy = book.policies[code]
    clauses = [clause_out(book, clause, day) for clause in policy.clauses.values()]
    return PolicyInFull(**_short(book, policy).model_dump(), day=day, book=book.hash, clauses=clauses)


def known_policy(book: engine.Book, code: str, *, field: str = "") -> engine.Policy:
    """The policy `code` of `book`, or of a decision like `refunds/authority`. Raises NotFound with near names."""
    policy = book.policies.get(code.partition("/")[0])
    if policy is not None:
        return policy
    detail = f"The book has no policy `{code}`: {near(code, list(book.policies))}"
    if field:
        raise ApiError(404, detail, kind="unknown-policy", errors=[FieldProblem(field=field, message=detail)])
    raise NotFound(detail)


def _short(book: engine.Book, policy: engine.Policy) -> PolicyOut:
    return PolicyOut(
        code=policy.code,
        title={language: policy.title(language) for language in book.languages},
        summary={language: policy.summary(language) or "" for language in book.languages},
        audience=policy.audience,
        status=policy.status,
        valid_from=policy.valid_from,
        review_by=policy.review_by,
        governed_by=policy.governed_by,
        owner=policy.owner,
    )


def clause_out(book: engine.Book, clause: engine.Clause, day: date) -> ClauseOut:
    """A clause with its words as of `day`, in every language of the book."""
    return ClauseOut(
        anchor=clause.anchor,
        heading={language: clause.heading(language) for language in book.languages},
        html={language: clause.html(language, day) for language in book.languages},
        audience=clause.audience,
        status=clause.status,
        disclose=list(clause.disclose),
    )
