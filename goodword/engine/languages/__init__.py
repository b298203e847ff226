"""The engine's own sentences, one module per language. A language without one is explained in English.

To add a language: copy `en.py`, translate every field of `Phrases`, and name it in `_MODULES`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from goodword.engine.languages.shape import Phrases

_MODULES = ("en", "da", "id", "ms", "tr")


def languages() -> tuple[str, ...]:
    """The languages that have sentences of their own."""
    return _MODULES


@cache
def phrases(language: str) -> Phrases:
    """The sentences of a language.

    >>> phrases("da").yes
    'ja'
    """
    module = import_module(f"{__name__}.{language if language in _MODULES else 'en'}")
    found: Phrases = module.PHRASES
    return found
