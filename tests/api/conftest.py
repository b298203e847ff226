"""A program with a key that has Ida's eyes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from goodword.accounts.api_keys import SCOPES, make_api_key
from tests.world import World


class Program:
    """Asks the API with one key."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", query_params=query)

    def post(self, path: str, body: Any) -> HttpResponse:
        return self.client.post(f"/api/v1{path}", body, content_type="application/json")


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
