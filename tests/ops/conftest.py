"""One running demo for the tests that only look at it; those that change or stop one start their own."""

from collections.abc import Iterator

import pytest

from tests.ops.process import Desk, desk_in, running


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demo, made from an empty folder, answering."""
    with running(desk_in(tmp_path_factory.mktemp("demo") / "desk")) as desk:
        yield desk
