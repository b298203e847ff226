"""A program with a key that has Ida's eyes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from goodword.accounts.api_keys import SCOPES, make_api_key
from goodword.accounts.models import Team
from goodword.desk.models import Conversation, Matter
from goodword.lib import clock
from goodword.policies.actions import publish
from tests.world import World, shop_files


class Program:
    """Asks the API with one key."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", query_params=query)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("post", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("put", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("patch", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.send("delete", path, None, **headers)

    def send(self, method: str, path: str, body: Any, **headers: str) -> HttpResponse:
        """Headers by their names with underscores: `If_Match="..."`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {} if method == "get" else {"data": "" if body is None else body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1{path}", headers=named, **sent)


@pytest.fixture
def program(world: World) -> Program:
    _, secret = make_api_key("a test", world.ida, SCOPES, None)
    return Program(secret)


@pytest.fixture
def program_with(world: World) -> Callable[..., Program]:
    def make(*scopes: str) -> Program:
        _, secret = make_api_key("a narrow test", world.ida, scopes, None)
        return Program(secret)

    return make


@pytest.fixture
def lamp(world: World) -> Matter:
    """Freja asks to send back her lamp; nothing is decided."""
    message = world.write(world.freja, "I would like to send back the lamp, order 10452.", subject="Lamp")
    matter = message.conversation.matters.create(
        policy="returns", purchase=world.purchases["10452"], line=world.line("10452"), opened_at=clock.now()
    )
    matter.facts.create(fact="faulty", value=False, provenance="stated", at=clock.now())
    return matter


@pytest.fixture
def hidden(world: World) -> Conversation:
    """By a book that keeps conversations in their teams: one that Ida may not see."""
    files = shop_files()
    publish({**files, "book.yaml": "access: team\n" + files["book.yaml"]}, by=None)
    conversation = world.write(world.oliver, "Hello").conversation
    conversation.team = Team.objects.create(name="Another team", department="finance")
    conversation.save()
    conversation.matters.create(policy="returns", opened_at=clock.now())
    return conversation
