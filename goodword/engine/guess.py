"""A first guess of what a message is about, from the words each policy says it is recognised by."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.engine.book import Book

_MOST_BETWEEN = 3
# Around little words like "is", "my" or "up" anything may stand without the two belonging together.
_LETTERS_BEFORE, _LETTERS_AFTER = 4, 3


def guess_policy(book: Book, text: str, language: str) -> list[tuple[str, int]]:
    """Policies with a score, best first; only those of which some word occurs.

    Longer phrases count more ("send back" tells more than "back"), a word counts up to three times, and it may
    carry its ending ("return" is found in "returning" and "retur" in "returnere"). The words of a phrase may stand
    apart ("send the lamp back"): up to three others between them, within a clause; that tells a little less.
    """
    plain = _plain(text)
    scores = []
    for policy in book.policies.values():
        words = policy.recognise(language) or policy.recognise(book.languages[0])
        score = sum(_score(_plain_phrase(word), plain) for word in words)
        if score:
            scores.append((policy.code, score))
    return sorted(scores, key=lambda item: -item[1])


def _score(phrase: str, text: str) -> int:
    words = phrase.split()
    if not all(word in text for word in words) or not words:
        return 0
    weight = 1 + 2 * (len(words) - 1) + (len(phrase) > 6)
    found = len(_as_written(phrase).findall(text))
    if found or len(words) == 1:
        return weight * min(found, 3)
    return weight - 1 if _stands_apart(words, text) else 0


def _stands_apart(words: list[str], text: str) -> bool:
    found = _apart(tuple(words)).finditer(text)
    return any(len(match.group().split()) - len(words) <= _MOST_BETWEEN for match in found)


@lru_cache(maxsize=8192)
def _as_written(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(phrase)}")


@lru_cache(maxsize=8192)
def _apart(words: tuple[str, ...]) -> re.Pattern[str]:
    """The words in their order, whole; no mark of punctuation may stand where others come between."""
    between = rf"(?: [\w'-]+){{0,{_MOST_BETWEEN}}}? "
    pairs = pairwise(words)
    gaps = [between if len(one) >= _LETTERS_BEFORE and len(two) >= _LETTERS_AFTER else " " for one, two in pairs]
    joined = "".join(re.escape(word) + gap for word, gap in zip(words, gaps, strict=False))
    return re.compile(rf"(?<!\w){joined}{re.escape(words[-1])}(?!\w)")


@lru_cache(maxsize=8192)
def _plain_phrase(phrase: str) -> str:
    return _plain(phrase)


def _plain(text: str) -> str:
    # The Turkish capital İ folds to an i and a dot of its own, which no word of the book has.
    return re.sub(r"\s+", " ", text.casefold().replace("i\u0307", "i").replace("’", "'")).strip()
