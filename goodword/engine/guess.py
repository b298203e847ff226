"""A first guess of what a message is about, from the words each policy says it is recognised by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.engine.book import Book


def guess_policy(book: Book, text: str, language: str) -> list[tuple[str, int]]:
    """Policies with a score, best first; only those of which some word occurs.

    Longer phrases count more ("send back" tells more than "back"), a word counts up to three times, and it may
    carry its ending ("return" is found in "returning" and "retur" in "returnere").
    """
    plain = _plain(text)
    scores = []
    for policy in book.policies.values():
        words = policy.recognise(language) or policy.recognise(book.languages[0])
        score = sum(_score(_plain(word), plain) for word in words)
        if score:
            scores.append((policy.code, score))
    return sorted(scores, key=lambda item: -item[1])


def _score(word: str, text: str) -> int:
    if not word:
        return 0
    found = len(re.findall(rf"(?<!\w){re.escape(word)}", text))
    weight = 1 + 2 * word.count(" ") + (len(word) > 6)
    return weight * min(found, 3)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'")).strip()
