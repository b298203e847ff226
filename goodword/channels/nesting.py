"""How deeply a page is nested. A parser of HTML is slow at deep pages, and makes large ones of some small ones.

100,000 `<div>` in each other take html5ever 14 seconds; 3,000 times `<p><font size=N>`, 56 kB, become 110 MB, because
HTML opens each font that is not closed again in each further paragraph.
"""

from collections import Counter
from html.parser import HTMLParser

MOST_NESTED = 1_000
MOST_TAGS = 30_000
"""However they are nested: so many in each other take a second."""
MOST_REOPENED = 300_000
_VOID_NAMES = "area base br col embed frame hr img input link meta param source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
_REOPENED_NAMES = "a b big code em font i nobr s small strike strong tt u"
_REOPENED = frozenset(_REOPENED_NAMES.split())
_BARRIER_NAMES = """
applet button caption iframe marquee math noembed noframes noscript object plaintext select svg table td template
textarea th title xmp
"""
# An end tag inside one of these ends nothing outside it.
_BARRIERS = frozenset(_BARRIER_NAMES.split())
# What begins and thereby ends the one before it, as far as the list or table that both are in.
_CELLS, _TABLE = frozenset({"td", "th"}), frozenset({"table"})
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "td": (_CELLS, _TABLE),
    "th": (_CELLS, _TABLE),
    "tr": (frozenset({"tr"}), _TABLE),
    "li": (frozenset({"li"}), _BARRIERS | {"ul", "ol"}),
    "dt": (frozenset({"dt", "dd"}), _BARRIERS | {"dl"}),
    "dd": (frozenset({"dt", "dd"}), _BARRIERS | {"dl"}),
    "p": (frozenset({"p"}), _BARRIERS),
}


def is_too_deep(html: str) -> bool:
    """Whether a parser of HTML would take too long for `html`, or make too much of it. In doubt it is."""
    if html.count("<") <= min(MOST_NESTED, int(MOST_REOPENED**0.5)):
        return False
    measure = _Measure()
    try:
        measure.feed(html)
    except _TooDeep:
        return True
    return False


class _TooDeep(Exception):
    """Enough has been read."""


class _Measure(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._open: list[str] = []
        self._again: Counter[str] = Counter()
        self._tags = self._reopened = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if tag in _ENDS:
            self._end(*_ENDS[tag])
        if tag in _REOPENED:
            self._again[tag] += 1
        else:
            self._reopened += self._again.total()
        if tag not in _VOID:
            self._open.append(tag)
        if len(self._open) > MOST_NESTED or self._tags > MOST_TAGS or self._reopened > MOST_REOPENED:
            raise _TooDeep

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # HTML takes <div/> for <div>

    def handle_endtag(self, tag: str) -> None:
        is_here = self._end(frozenset({tag}), _BARRIERS - {tag})
        if tag in _REOPENED and self._again[tag] and (is_here or not _BARRIERS.intersection(self._open)):
            self._again[tag] -= 1

    def _end(self, names: frozenset[str], within: frozenset[str]) -> bool:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] in names:
                del self._open[place:]
                return True
            if self._open[place] in within:
                break
        return False
