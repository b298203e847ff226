"""The words around what was found, in pieces that are marked or not: escaping them is the door's."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Left

from goodword.desk.models import Attachment, Conversation, Matter, Message
from goodword.search.asked import Asked, Piece
from goodword.search.stems import folded, spans_of, stem

_SHOWN = 180
_BEFORE = 60
_READ = 20_000


@dataclass(frozen=True)
class Segment:
    """A piece of text; `is_found` if it is what was looked for."""

    text: str
    is_found: bool = False


Snippet = tuple[Segment, ...]
# From where to where, and which piece of the question it answers.
Mark = tuple[int, int, int]
# For each word in its language which single words of the question it answers.
Known = dict[tuple[str, str], tuple[int, ...]]


def snippets_of(conversations: Sequence[Conversation], asked: Asked) -> dict[int, tuple[Snippet, Snippet]]:
    """For each conversation its subject, and the words around what was found in it: of the letter that answers most of
    the question the newest; or the name of a file, or the goods it is about; or, where only a name or number was
    found, how the last letter begins. Three queries."""
    texts = _texts([each.pk for each in conversations])
    known: Known = {}
    return {
        each.pk: (marked(each.subject, each.language, asked, known), _best(texts[each.pk], asked, known))
        for each in conversations
    }


def _texts(pks: list[int]) -> dict[int, list[tuple[str, str]]]:
    """What was written and attached, the newest letter first, and its language; and the goods it is about."""
    texts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    said = Message.objects.filter(conversation__in=pks).order_by("-at", "-pk").annotate(begins=Left("text", _READ))
    for pk, text, language in said.values_list("conversation_id", "begins", "language"):
        texts[pk].append((" ".join(text.split()), language))
    files = Attachment.objects.filter(message__conversation__in=pks).order_by("-pk")
    for pk, name in files.values_list("message__conversation_id", "name"):
        texts[pk].append((name, ""))
    matters = Matter.objects.filter(conversation__in=pks).exclude(state=Matter.WITHDRAWN)
    for matter in matters.select_related("purchase", "line__product"):
        number = matter.purchase.number if matter.purchase else ""
        for language, name in matter.line.product.names.items() if matter.line else [("", "")]:
            texts[matter.conversation_id].append((f"{number} {name}".strip(), language))
    return texts


def _best(texts: list[tuple[str, str]], asked: Asked, known: Known) -> Snippet:
    best, most = next(iter(texts), ("", "")), 0
    for text, language in texts:
        answered = len({piece for _, _, piece in _marks(text, language, asked, known)})
        if answered > most:
            best, most = (text, language), answered
        if most == len(asked.pieces):
            break
    return marked(*best, asked, known, shown=_SHOWN)


def marked(text: str, language: str, asked: Asked, known: Known, *, shown: int = 0) -> Snippet:
    """`text` in segments; with `shown`, about so many letters of it around the first word found."""
    marks = _marks(text, language, asked, known)
    begin, end = _cut(text, marks, shown) if shown else (0, len(text))
    segments = [Segment("… ")] if begin else []
    at = begin
    for start, stop, _ in sorted(set(marks)):
        if start >= at and stop <= end:
            segments += [Segment(text[at:start])] if start > at else []
            segments.append(Segment(text[start:stop], is_found=True))
            at = stop
    segments += [Segment(text[at:end])] if at < end else []
    return (*segments, Segment(" …")) if end < len(text) else tuple(segments)


def _cut(text: str, marks: list[Mark], shown: int) -> tuple[int, int]:
    """Around the first mark, from the beginning of a word to the end of one."""
    first = min(marks)[0] if marks else 0
    begin = 0 if first <= _BEFORE else text.rfind(" ", 0, first - _BEFORE) + 1
    if first - begin > 2 * _BEFORE:  # a text without spaces
        begin = first - _BEFORE
    end = begin + shown
    if end >= len(text):
        return begin, len(text)
    space = text.rfind(" ", begin, end)
    return begin, space if space > first else end


def _marks(text: str, language: str, asked: Asked, known: Known) -> list[Mark]:
    spans = list(spans_of(text))
    marks = [
        (start, stop, number) for start, stop, raw in spans for number in _answered_by(raw, language, asked, known)
    ]
    phrases = [(number, piece) for number, piece in enumerate(asked.pieces) if len(piece.words) > 1]
    if phrases:
        words = [folded(raw) for _, _, raw in spans]
        for number, piece in phrases:
            size = len(piece.words)
            marks += [
                (spans[at][0], spans[at + size - 1][1], number)
                for at in range(len(words) - size + 1)
                if _is_phrase(piece, words[at : at + size])
            ]
    return marks


def _answered_by(raw: str, language: str, asked: Asked, known: Known) -> tuple[int, ...]:
    """Which of the single words asked for this one answers: worked out once for each word of a page."""
    key = (raw, language)
    if key not in known:
        word = folded(raw)
        known[key] = tuple(
            number
            for number, piece in enumerate(asked.pieces)
            if len(piece.words) == 1 and _is_meant(piece, word, raw, language)
        )
    return known[key]


def _is_meant(piece: Piece, word: str, raw: str, language: str) -> bool:
    wanted = piece.words[0]
    if word == wanted or (piece.is_begun and word.startswith(wanted)):
        return True
    return bool(piece.stems) and stem(raw, language) in piece.stems


def _is_phrase(piece: Piece, words: list[str]) -> bool:
    *first, last = piece.words
    return words[:-1] == first and (words[-1] == last or (piece.is_begun and words[-1].startswith(last)))
