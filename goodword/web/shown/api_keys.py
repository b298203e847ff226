"""API keys in words: what each is called, as whom it acts, what it opens, and until when."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from goodword import engine
from goodword.accounts.api_keys import SCOPES
from goodword.accounts.models import Agent, ApiKey
from goodword.accounts.queries import rank_of
from goodword.lib import clock
from goodword.policies.queries import current_book
from goodword.web.shown.words import moment_words, role_words

_RESOURCES = {
    "conversations": gettext_lazy("Conversations"),
    "messages": gettext_lazy("Messages"),
    "matters": gettext_lazy("Matters"),
    "facts": gettext_lazy("Facts"),
    "decisions": gettext_lazy("Decisions"),
    "people": gettext_lazy("Customers"),
    "orders": gettext_lazy("Orders and products"),
    "deliveries": gettext_lazy("Deliveries"),
    "policies": gettext_lazy("Policies"),
    "events": gettext_lazy("Events"),
}
_VERBS = {"read": gettext_lazy("read"), "write": gettext_lazy("write"), "preview": gettext_lazy("try out")}


@dataclass(frozen=True)
class ShownKey:
    """A line of the list."""

    pk: int
    name: str
    acts_as: str
    opens: str
    made: str
    last_used: str
    until: str
    per_minute: int
    state: str

    @property
    def is_alive(self) -> bool:
        """Whether it opens anything."""
        return self.state == "alive"


def shown_key(key: ApiKey) -> ShownKey:
    """A key as the page lists it."""
    until = key.ended_at or key.expires_at
    role = role_words(current_book(), key.agent.role)
    return ShownKey(
        pk=key.pk,
        name=key.name,
        acts_as=role if key.agent.is_program else f"{key.agent.name} · {role}",
        opens=", ".join(_scope_words(key.scopes)),
        made=moment_words(key.made_at),
        last_used=moment_words(key.last_used_at) if key.last_used_at else "",
        until=moment_words(until) if until else "",
        per_minute=key.per_minute,
        state=_state(key),
    )


def scope_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a key can be made for: the resources, each with its scopes and what they let it do."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for scope in SCOPES:
        resource, _colon, verb = scope.partition(":")
        groups.setdefault(resource, []).append((scope, str(_VERBS[verb])))
    return [(str(_RESOURCES[resource]), scopes) for resource, scopes in groups.items()]


def roles_for(manager: Agent, book: engine.Book) -> list[tuple[str, str]]:
    """The roles that she may lend to a program: up to her own."""
    return [(code, role_words(book, code)) for code in book.roles if rank_of(code, book) <= rank_of(manager.role, book)]


def _state(key: ApiKey) -> str:
    if key.ended_at or not key.agent.is_active:
        return "ended"
    return "expired" if key.expires_at and key.expires_at <= clock.now() else "alive"


def _scope_words(scopes: list[str]) -> list[str]:
    verbs: dict[str, list[str]] = {}
    for scope in scopes:
        resource, _colon, verb = scope.partition(":")
        verbs.setdefault(resource, []).append(str(_VERBS.get(verb, verb)))
    return [f"{_RESOURCES.get(resource, resource)} ({', '.join(done)})" for resource, done in verbs.items()]
