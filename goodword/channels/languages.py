"""The language of a message: one of the book's, by its letters and by what is known of the person and the inbox.

A short text says little: Danish and Norwegian are told apart by the prior more than by the letters, Indonesian and
Malay by the prior and by the words that only one of them has; a text without a sign of Turkish is none. The model
takes 94 MB and a moment to load, so it is loaded with the first mail that needs it.
"""

import threading
from collections.abc import Sequence
from math import exp, log
from typing import Any

from goodword.channels.neighbours import FAMILY, INTERNATIONAL, is_in_family, leaning, words_of
from goodword.channels.turkish import can_be_turkish

ENOUGH = 4000
TURKISH = "tr"
_OF_THE_PERSON, _OF_THE_INBOX, _OF_ANY_OTHER = 6.0, 2.5, 1.0
_loading = threading.Lock()
_identifiers: dict[tuple[str, ...], Any] = {}


def language_of(text: str, languages: Sequence[str], *, person: str = "", inbox: str = "") -> str:
    """Which of `languages` (the first is the fallback) `text` is in; `person` and `inbox` are what is expected."""
    expected = person if person in languages else inbox if inbox in languages else languages[0]
    if len(languages) == 1 or not any(letter.isalpha() for letter in text):
        return expected
    words = words_of(text[:ENOUGH])
    if expected in (*FAMILY, TURKISH) and INTERNATIONAL.issuperset(words):
        return expected
    languages = _still_possible(languages, words)
    leans = leaning(words)
    scores = {
        language: log(max(probability, 1e-9)) + log(_prior(language, person, inbox)) + log(leans.get(language, 1.0))
        for language, probability in _probabilities(text[:ENOUGH], tuple(languages)).items()
    }
    return max(scores, key=lambda language: scores[language]) if scores else expected


def _still_possible(languages: Sequence[str], words: Sequence[str]) -> list[str]:
    """Those of `languages` that the words of a text leave: with the family or without it, Turkish if they show it."""
    turkish = can_be_turkish(words)
    left = [language for language in languages if turkish or language != TURKISH]
    if set(FAMILY) & set(left):
        inside = is_in_family(words)
        left = [language for language in left if inside is None or (language in FAMILY) is inside]
    return left or list(languages)


def _prior(language: str, person: str, inbox: str) -> float:
    if language == person:
        return _OF_THE_PERSON
    return _OF_THE_INBOX if language == inbox else _OF_ANY_OTHER


def _probabilities(text: str, languages: tuple[str, ...]) -> dict[str, float]:
    identifier = _identifier(languages)
    if identifier is None:
        return {}
    ranked = dict(identifier.rank(text))
    highest = max(ranked.values())
    # Raw scores are logarithms that grow with the text; the root of its length keeps short texts humble.
    width = max(1.0, len(text.encode()) ** 0.5)
    weights = {language: exp((score - highest) / width) for language, score in ranked.items()}
    return {language: weight / sum(weights.values()) for language, weight in weights.items()}


def _identifier(languages: tuple[str, ...]) -> Any:
    with _loading:
        if languages not in _identifiers:
            _identifiers[languages] = _loaded(languages)
        return _identifiers[languages]


def _loaded(languages: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # heavy: numpy and the model

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = set(languages) & set(identifier.labels)
    if not known:
        return None
    identifier.set_languages(sorted(known))
    return identifier
