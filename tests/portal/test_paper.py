"""The company's word on paper, as anybody may fetch it."""

from typing import Any

import pytest
from django.test import Client

from goodword.policies import printing
from tests.world import World


@pytest.fixture
def reader(world: World) -> Client:
    """Somebody who is not signed in."""
    return Client()


@pytest.mark.parametrize("language", ["en", "da", "id", "ms", "tr"])
def test_the_handbook_is_printed_in_the_readers_language(reader: Client, language: str) -> None:
    answer = reader.get("/policies/handbook.pdf", {"language": language})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="handbook.{language}.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_one_policy_is_printed_as_it_stood_on_a_day(reader: Client) -> None:
    now, then = (reader.get("/policies/returns.pdf", asked).content for asked in ({}, {"on": "2026-02-01"}))
    assert now.startswith(b"%PDF-")
    assert then.startswith(b"%PDF-")
    assert now != then


@pytest.mark.parametrize("path", ["/policies/phone.pdf", "/policies/nothing.pdf"])
def test_what_the_public_may_not_read_is_not_printed_either(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_a_version_is_printed_once(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    printing._kept.cache_clear()
    made: list[Any] = []
    real = printing.render.handbook_pdf
    monkeypatch.setattr(printing.render, "handbook_pdf", lambda book: made.append(book) or real(book))
    contents = {reader.get("/policies/handbook.pdf", {"language": "en"}).content for _ in range(3)}
    assert (len(made), len(contents)) == (1, 1)
    printing._kept.cache_clear()


def test_the_pages_lead_to_the_paper(reader: Client) -> None:
    assert 'href="/policies/handbook.pdf' in reader.get("/policies/").content.decode()
    page = reader.get("/policies/returns/", {"on": "2026-02-01", "language": "da"}).content.decode()
    assert 'href="/policies/returns.pdf?language=da&amp;on=2026-02-01"' in page
