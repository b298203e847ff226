"""A Danish agent and a Turkish customer: the letter and the draft in Turkish, beside them what they mean in Danish."""

import re
from collections.abc import Callable

from django.test import Client

from goodword.accounts.models import Agent
from tests.desk.cases import refusal, returned
from tests.world import World


def page_of(client: Client, number: int) -> str:
    return client.get(f"/desk/c/{number}/").content.decode()


def part(page: str, element: str) -> str:
    """The page from the element with this id to the end of its fold."""
    return page[page.index(f'id="{element}') :].split("</details>", 1)[0]


def test_she_reads_the_clause_in_hers_and_the_words_in_both(world: World, signed_in: Callable[[Agent], Client]) -> None:
    matter = returned(world, "10460", "tr", faulty=False, opened=True)
    page = page_of(signed_in(world.mette), matter.conversation.number)

    assert 'lang="tr"><p>10460 numaralı siparişi iade etmek istiyorum.</p>' in page
    clause, words = part(page, "clauses-"), part(page, "words-")
    assert " open>" in clause[:40]
    assert "Når den først er åben" in clause or "kan vi ikke tage" in clause
    assert "geri alamıyorum" in words
    assert re.search(r'lang="tr"', words)
    assert "poseen" not in words
    assert "geri alamıyorum" not in clause


def test_the_draft_is_turkish_and_beside_it_stands_what_it_says(
    world: World, signed_in: Callable[[Agent], Client]
) -> None:
    decision = refusal(world, "tr")
    mette = signed_in(world.mette)
    number = decision.matter.conversation.number
    mette.post(f"/desk/c/{number}/offer/", {"text": ""})
    page = page_of(mette, number)

    draft = page[page.index('id="reply-text"') :].split("</textarea>", 1)[0]
    assert "geri alamıyorum" in draft
    assert 'lang="tr"' in draft
    reading = part(page, "reading")
    assert "geri alamıyorum" not in reading
    assert "Kære Freja" in reading


def test_where_both_speak_the_same_language_nothing_is_said_twice(
    world: World, signed_in: Callable[[Agent], Client]
) -> None:
    matter = returned(world, "10460", "da", faulty=False, opened=True)
    page = page_of(signed_in(world.mette), matter.conversation.number)
    assert " open>" not in part(page, "clauses-")[:40]
    assert "Det samme til dig" not in page
