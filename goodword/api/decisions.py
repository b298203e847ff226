"""POST /decisions/preview: what the book would decide, without deciding anything."""

from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from goodword import engine
from goodword.api.decision_parts import (
    BoundaryOut,
    ExplanationOut,
    PreviewIn,
    PreviewOut,
    RuleOut,
    TableUse,
)
from goodword.api.keys import caller_with
from goodword.api.policies import known_policy
from goodword.api.problems import ApiError, FieldProblem
from goodword.engine.values import to_plain
from goodword.lib import clock
from goodword.policies.queries import current_book, shelf

router = Router(tags=["decisions"])


@router.post("/decisions/preview", response=PreviewOut, summary="Try a situation against the book")
def preview_decision(request: HttpRequest, preview: PreviewIn) -> PreviewOut:
    """Decide a situation as the desk would, with its rules, words and hashes. It never stores anything."""
    caller_with(request, "decisions:preview")
    book = current_book()
    known_policy(book, preview.policy, field="policy")
    _check_names(book, preview)
    facts = _facts(book, preview.facts)
    days = _days(preview, clock.today(book.time_zone))
    decision = _decide(preview, facts, days)
    return _answer(book, preview, decision, days)


def _check_names(book: engine.Book, preview: PreviewIn) -> None:
    wrong: list[FieldProblem] = []
    if preview.language and preview.language not in book.languages:
        wrong.append(_not_one_of("language", preview.language, book.languages))
    if preview.role and preview.role not in book.roles:
        wrong.append(_not_one_of("role", preview.role, book.roles))
    if wrong:
        raise ApiError(422, " ".join(item.message for item in wrong), kind="unknown-name", errors=wrong)


def _not_one_of(field: str, word: str, known: Any) -> FieldProblem:
    return FieldProblem(field=field, message=f"`{word}` is not one of {', '.join(known)}.")


def _facts(book: engine.Book, given: dict[str, Any]) -> dict[str, Any]:
    known = [*book.facts, *book.outputs]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise _unknown_facts(unknown, known)
    try:
        return dict(engine.facts_from_json(book, given))
    except engine.FactError as error:
        named = next((name for name in given if name in str(error)), "")
        field = f"facts.{named}".rstrip(".")
        raise ApiError(
            422, str(error), kind="wrong-fact", errors=[FieldProblem(field=field, message=str(error))]
        ) from None


def _unknown_facts(unknown: list[str], known: list[str]) -> ApiError:
    errors = []
    for name in unknown:
        meant = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f" Did you mean {' or '.join(f'`{word}`' for word in meant)}?" if meant else ""
        errors.append(FieldProblem(field=f"facts.{name}", message=f"The book has no fact `{name}`.{hint}", near=meant))
    return ApiError(422, " ".join(item.message for item in errors), kind="unknown-fact", errors=errors)


def _days(preview: PreviewIn, today: date) -> dict[str, date]:
    return {name: given or preview.on or today for name, given in preview.days.model_dump().items()}


def _decide(preview: PreviewIn, facts: dict[str, Any], days: dict[str, date]) -> engine.Decision:
    try:
        return engine.decide(shelf(), preview.policy, facts, days, role=preview.role)
    except engine.NotFound as error:
        detail = f"{error}. What this policy says is read, not decided: GET /api/v1/policies/{preview.policy}."
        raise ApiError(422, detail, kind="no-decision", errors=[FieldProblem(field="policy", message=detail)]) from None
    except engine.NotUnique as error:
        detail = f"The book contradicts itself here: {error}. Its owner should mark one rule as the exception."
        raise ApiError(409, detail, kind="not-unique") from None
    except engine.FactError as error:
        raise ApiError(422, str(error), kind="wrong-fact") from None


def _answer(book: engine.Book, preview: PreviewIn, decision: engine.Decision, days: dict[str, date]) -> PreviewOut:
    language = preview.language or book.languages[0]
    plain = decision.to_json()
    words, missing = _words(book, preview.policy, decision, language, days)
    return PreviewOut(
        policy=preview.policy,
        status=decision.status,
        outcome=decision.outcome,
        outputs=plain["outputs"],
        asks=decision.question,
        question=book.fact(decision.question).question(language) if decision.question else None,
        open=list(decision.open),
        authority=decision.authority,
        facts=plain["facts"],
        fired=[_rule(rule) for rule in decision.fired],
        overridden=[_rule(rule) for rule in decision.overridden],
        clauses=list(decision.clauses),
        boundary=_boundary(decision.boundary, language),
        customer=_explanation(decision, language, "customer"),
        agent=_explanation(decision, language, "agent"),
        words=words,
        words_need=missing,
        language=language,
        tables=[
            TableUse(decision=t.decision, policy=t.policy, day=t.day, rules_hash=t.rules_hash) for t in decision.tables
        ],
        rules_hash=decision.hash,
        book=book.hash,
    )


def _words(
    book: engine.Book, policy: str, decision: engine.Decision, language: str, days: dict[str, date]
) -> tuple[str | None, list[str]]:
    """The say block of the decision's reason, filled with its facts and outputs; or what it still needs."""
    reason = decision.outputs.get("reason")
    if not reason:
        return None, []
    try:
        values = {**decision.facts, **decision.outputs}
        return engine.say(book, policy, reason, language, values, days["today"]), []
    except engine.MissingWords as error:
        return None, list(error.names)


def _rule(rule: engine.RuleRef) -> RuleOut:
    return RuleOut(
        policy=rule.policy, clause=rule.clause, row=rule.row, decision=rule.decision, file=rule.file, line=rule.line
    )


def _boundary(boundary: engine.Boundary | None, language: str) -> BoundaryOut | None:
    if boundary is None:
        return None
    return BoundaryOut(
        fact=boundary.fact,
        value=to_plain(boundary.value),
        limit=to_plain(boundary.limit),
        kind=boundary.kind,
        other_outcome=boundary.other_outcome,
        sentence=boundary.sentence(language),
    )


def _explanation(
    decision: engine.Decision, language: str, reader: Literal["customer", "agent"]
) -> ExplanationOut | None:
    if decision.status == "gap":
        return None
    told = engine.explain(decision, shelf(), language, to=reader)
    return ExplanationOut(summary=told.summary, reasons=list(told.reasons), boundary=told.boundary)
