"""What somebody types into the search box, taken apart: words, phrases in quotes, and the word she is still typing."""

import re
from dataclasses import dataclass

from goodword.search.stems import folded, spans_of, stems_in_all_languages

_PIECE = re.compile(r'["“„”]([^"“„”]*)["“„”]?|([^\s"“„”]+)')
_ONLY_A_NUMBER = re.compile(r"[\d\s+()./-]+")
_MOST_PIECES = 12
_LONGEST = 300
_SHORTEST_PREFIX = 2
_SHORTEST_PHONE = 6


@dataclass(frozen=True)
class Piece:
    """One thing that must be there: a word in any of its forms, or words that stand side by side."""

    words: tuple[str, ...]
    stems: tuple[str, ...] = ()
    is_begun: bool = False

    def sqlite(self) -> str:
        """As FTS5 understands it."""
        alone = '"' + " ".join(self.words) + '"' + (" *" if self.is_begun else "")
        return "(" + " OR ".join([alone, *(f'"{stem}"' for stem in self.stems)]) + ")"

    def postgresql(self) -> str:
        """As a tsquery; words hold letters and digits only, so nothing needs to be escaped."""
        alone = " <-> ".join(f"'{word}'" for word in self.words) + (":*" if self.is_begun else "")
        return "(" + " | ".join([alone, *(f"'{stem}'" for stem in self.stems)]) + ")"


@dataclass(frozen=True)
class Asked:
    """Everything that must be there; nothing at all if `pieces` is empty."""

    pieces: tuple[Piece, ...]
    number: int | None = None

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def in_words_of(self, vendor: str) -> str:
        """The question as the database of this kind takes it."""
        if vendor == "postgresql":
            return " & ".join(piece.postgresql() for piece in self.pieces)
        return " AND ".join(piece.sqlite() for piece in self.pieces)


def read_question(text: str) -> Asked:
    """Take `text` apart. The last word counts as begun, unless a space or a quotation mark ends it.

    Words that hang together by signs (a mail address, an order number with a hyphen) are a phrase. A telephone number
    is one word however it is spaced. What makes no sense is left out; nothing is ever refused.
    """
    text = text[:_LONGEST]
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    if len(digits) >= _SHORTEST_PHONE and len(text.split()) > 1 and _ONLY_A_NUMBER.fullmatch(text):
        return Asked((Piece((digits,), is_begun=True),))
    found = list(_PIECE.finditer(text))[:_MOST_PIECES]
    pieces = [
        _piece(each[1] or each[2] or "", quoted=each[2] is None, is_last=each.end() == len(text)) for each in found
    ]
    alone = text.strip().removeprefix("#")
    number = int(alone) if alone.isascii() and alone.isdecimal() and len(alone) < 18 else None
    return Asked(tuple(piece for piece in pieces if piece), number)


def _piece(text: str, *, quoted: bool, is_last: bool) -> Piece | None:
    raw = [word for _, _, word in spans_of(text)]
    words = tuple(word for each in raw if (word := folded(each)))
    if not words:
        return None
    begun = is_last and not quoted and len(words[-1]) >= _SHORTEST_PREFIX and text[-1].isalnum()
    stems = stems_in_all_languages(raw[0]) if len(words) == 1 and not quoted else ()
    return Piece(words, stems, begun)
