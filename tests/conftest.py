"""What every test may ask for: the world with its clock stopped, and each of its people by name."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.utils import translation

from goodword.lib import clock
from tests.world import NOW, World, build_world

hypothesis.settings.register_profile("house", deadline=None)  # no test may fail because the machine was busy
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True)
def no_language_left_over() -> Iterator[None]:
    """What one test read in Danish, the next one does not: a page leaves its language with the thread."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def stopped_clock() -> Iterator[None]:
    """It is Monday, 16 November 2026, ten in the morning in Copenhagen."""
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def world(db: None, stopped_clock: None) -> World:
    """The whole company: agents, customers, orders, deliveries, an inbox and the published starter book."""
    return build_world()
