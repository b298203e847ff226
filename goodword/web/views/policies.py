"""Reading the policy book: its policies, its versions, and where it had no answer."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from goodword.desk.queries.waiting import open_gaps
from goodword.lib import clock
from goodword.lib.errors import NotFound
from goodword.policies.keepers import may_keep_the_book
from goodword.policies.queries import current_book, current_draft, current_publication, history
from goodword.web.answers import agent_of, staff_page
from goodword.web.shown.clauses import shown_clauses, shown_intro
from goodword.web.shown.policies import shown_gap, shown_policy
from goodword.web.shown.words import reading_language

VERSIONS_SHOWN = 100


@staff_page
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy with its sentence, in the order of the handbook."""
    book = current_book()
    ordered = sorted(book.policies.values(), key=lambda policy: (policy.order, policy.code))
    return render(
        request,
        "web/policies.html",
        {
            "here": "policies",
            "book": book,
            "policies": [shown_policy(each) for each in ordered],
            "publication": current_publication(),
            "draft": current_draft(),
            "may_keep": may_keep_the_book(agent_of(request)),
            "gaps": open_gaps(agent_of(request)).count(),
        },
    )


@staff_page
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """One policy as staff read it: clauses, rule tables, procedures, with the parameters of a day."""
    book = current_book()
    found = book.policies.get(code)
    if found is None:
        raise NotFound(_("The book has no policy “%(code)s”.") % {"code": code})
    day, language = _day(request, clock.today(book.time_zone)), reading_language()
    return render(
        request,
        "web/policy.html",
        {
            "here": "policies",
            "policy": shown_policy(found),
            "intro": shown_intro(book, found, language, day),
            "clauses": shown_clauses(book, found, language, day),
            "publication": current_publication(),
            "day": day,
            "may_keep": may_keep_the_book(agent_of(request)),
        },
    )


@staff_page
def versions(request: HttpRequest) -> HttpResponse:
    """Every published version: when, by whom, its hash and what was said of it."""
    found = history()[:VERSIONS_SHOWN]
    return render(request, "web/versions.html", {"here": "policies", "versions": found})


@staff_page
def gaps(request: HttpRequest) -> HttpResponse:
    """Where the book had no answer."""
    found = [shown_gap(each) for each in open_gaps(agent_of(request))[:VERSIONS_SHOWN]]
    return render(request, "web/gaps.html", {"here": "policies", "gaps": found})


def _day(request: HttpRequest, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
