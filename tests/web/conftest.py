"""Agents at their browsers: each signed in, with or without htmx."""

from collections.abc import Callable

import pytest
from django.test import Client

from goodword.accounts.models import Agent
from tests.world import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def signed_in() -> Callable[[Agent], Client]:
    def sign_in(agent: Agent) -> Client:
        client = Client()
        client.force_login(agent)
        return client

    return sign_in


@pytest.fixture
def ida(world: World, signed_in: Callable[[Agent], Client]) -> Client:
    """The agent's browser."""
    return signed_in(world.ida)


@pytest.fixture
def mette(world: World, signed_in: Callable[[Agent], Client]) -> Client:
    """The manager's browser; her pages are in Danish."""
    return signed_in(world.mette)
