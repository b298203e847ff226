"""The search page: filters with what they can be set to, and what was found."""

from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from goodword.accounts.models import Agent
from goodword.desk.models import Inbox
from goodword.desk.queries.reach import people_visible_to
from goodword.orders.models import Purchase
from goodword.search.queries import Found, Wanted, search_for
from goodword.web.shown.rows import shown_rows
from goodword.web.shown.words import reading_language

STATES = {"open": _("Open"), "waiting": _("Waiting for the customer"), "closed": _("Closed")}
WHOSE = {"mine": _("Mine"), "team": _("My team's")}


def search_context(agent: Agent, wanted: Wanted, after: int | None, asked: QueryDict) -> dict[str, Any]:
    """Everything the page shows. `asked` is the address's own words, for the link to the page after."""
    found = search_for(agent, wanted, after=after)
    rows = shown_rows([hit.conversation for hit in found.hits])
    person = people_visible_to(agent).filter(pk=wanted.person).first() if wanted.person else None
    return {
        "here": "search",
        "wanted": wanted,
        "asks": bool(wanted.text.strip() or wanted.narrows),
        "hits": list(zip(rows, found.hits, strict=True)),
        "people": found.people,
        "orders": [_shown_order(order) for order in found.orders],
        "something": bool(found),
        "further": _further(found, asked),
        "is_first": after is None,
        "person": person,
        "without_person": _address(asked, person=None),
        "states": STATES.items(),
        "whose": WHOSE.items(),
        "inboxes": list(Inbox.objects.order_by("name", "address")),
        "languages": [(code, get_language_info(code)["name_translated"]) for code, _name in settings.LANGUAGES],
    }


def _further(found: Found, asked: QueryDict) -> str:
    return _address(asked, after=found.after) if found.after is not None else ""


def _address(asked: QueryDict, **changed: int | None) -> str:
    """This page's address with something changed; None takes it away. Always from the first page on."""
    words = asked.copy()
    words.pop("after", None)
    for name, value in changed.items():
        words.pop(name, None)
        if value is not None:
            words[name] = str(value)
    return f"{reverse('web:search')}?{words.urlencode()}"


def _shown_order(order: Purchase) -> dict[str, Any]:
    language = reading_language()
    goods = dict.fromkeys(line.product.name(language) for line in order.lines.all())
    return {
        "number": order.number,
        "bought_on": order.bought_on,
        "name": order.person.name if order.person else "",
        "goods": ", ".join(goods),
    }
