"""The live page's cursor: whatever happens while a page or an answer is being made is told by the next question."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client
from django.test.signals import template_rendered

from goodword.journal.actions import record
from goodword.journal.queries import number_events
from goodword.policies.actions import publish
from goodword.policies.queries import current_book, new_look, one_look
from tests.web.conftest import HTMX
from tests.world import World


@contextmanager
def something_happens_while_rendering(template_name: str) -> Iterator[None]:
    """An event is recorded just after this template was rendered."""

    def happen(template: Any, **_: Any) -> None:
        if template.name == template_name:
            record("queue.looked_at", "queue", by="system")

    template_rendered.connect(happen)
    try:
        yield
    finally:
        template_rendered.disconnect(happen)


def cursor_in(page: str) -> int:
    found = re.search(r"/desk/live/\?after=(\d+)", page)
    assert found
    return int(found[1])


def test_what_happens_while_a_page_is_made_is_told_by_its_first_question(world: World, ida: Client) -> None:
    world.write(world.freja, "Hello")
    with something_happens_while_rendering("layout/nav.html"):
        page = ida.get("/desk/").content.decode()
    assert cursor_in(page) < number_events()


def test_an_answer_counts_as_told_what_it_was_made_of(world: World, ida: Client) -> None:
    seen = number_events()
    record("queue.looked_at", "queue", by="system")
    page = ida.get(f"/desk/live/?after={seen}&watch=queue:queue", headers=HTMX).content.decode()
    assert cursor_in(page) == seen + 1


def test_who_hears_of_a_new_version_reads_it_even_within_an_earlier_look(world: World) -> None:
    files = {**world.publication.files}
    files["book.yaml"] = files["book.yaml"].replace("Beds, bedding and furniture", "Beds and bedding")
    with one_look():
        before = current_book().hash
        publish(files, by=world.mette)
        assert current_book().hash == before
        with new_look():
            assert current_book().hash != before
        assert current_book().hash == before
