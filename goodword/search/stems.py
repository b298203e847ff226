"""Words as they are looked up: in one spelling, and brought to their stems in the language they are written in.

Stems are made here, the same for both databases. Snowball has no stemmer for Malay; Indonesian's is used for it, since
the two share most of their prefixes and suffixes.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {"da": "danish", "en": "english", "id": "indonesian", "ms": "indonesian", "tr": "turkish"}
# Malay shares Indonesian's stems, so that the one finds the other.
_SHARED = {"ms": "id"}
# Letters that do not come apart into a letter and its mark.
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_LONGEST_WORD = 64
_own = threading.local()


def spans_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word of `text` with the place where it begins and ends."""
    for found in _WORD.finditer(text):
        yield found.start(), found.end(), found.group()


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """The one spelling of a word: small letters without marks, so that ASCII keyboards find it ("siparis" "sipariş").

    Empty if nothing of it is a letter or a digit.
    """
    plain = unicodedata.normalize("NFKD", word.replace("İ", "i").casefold()).translate(_PLAIN)
    return "".join(sign for sign in plain if sign.isalnum())[:_LONGEST_WORD]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem as it stands in the index, like "_dapud" for the Danish "puderne"; empty where there is none.

    The underscore keeps stems apart from words, the letters keep the languages apart. Snowball's stems are stemmed
    again until they stay: the Turkish "iadeler" becomes "iade", but "iade" itself becomes "ia".
    """
    code = language[:2]
    if code not in _STEMMERS or any(sign.isdigit() for sign in word):
        return ""
    made, stemmer = _lowered(word, code)[:_LONGEST_WORD], _stemmer(_STEMMERS[code])
    while len(shorter := stemmer.stemWord(made)) > 1 and shorter != made:
        made = shorter
    return f"_{_SHARED.get(code, code)}{folded(made)}"


def stems_in_all_languages(word: str) -> tuple[str, ...]:
    """What a word one looks for may be the stem of: nobody says in which language she searches."""
    return tuple(dict.fromkeys(found for code in _STEMMERS if (found := stem(word, code))))


def _lowered(word: str, code: str) -> str:
    return (word.replace("İ", "i").replace("I", "ı") if code == "tr" else word).lower()


def _stemmer(name: str) -> Any:
    """A stemmer of this thread's own: PyStemmer's must not be used by two at once."""
    import Stemmer  # the engine and most commands start without it

    kept: dict[str, Any] = _own.__dict__
    if name not in kept:
        kept[name] = Stemmer.Stemmer(name)
    return kept[name]
