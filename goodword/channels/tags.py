"""Which words in angle brackets are HTML, and which are only words."""

import re

_TAG_NAMES = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote
body br button canvas caption center cite code col colgroup command content data datalist dd del details dfn
dialog dir div dl dt element em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4
h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label layer legend li link
listing main map mark marquee math menu menuitem meta meter multicol nav nextid nobr noembed noframes noindex
noscript object ol optgroup option output p param picture plaintext portal pre progress q rb rp rt rtc ruby s
samp script search section select shadow slot small source spacer span strike strong style sub summary sup svg
table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xml xmp path g rect
circle line polygon use defs
"""
_KNOWN_TAGS = frozenset(_TAG_NAMES.split())
_MAYBE_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")


def with_words_kept(html: str) -> str:
    """`html` with what looks like a tag and is none escaped: people write <word> and <anna@example.com>."""

    def kept(found: re.Match[str]) -> str:
        name = found[2].lower()
        # o:p and the like are Microsoft's own tags, names with a hyphen are somebody's elements.
        is_tag = name in _KNOWN_TAGS or (":" in name and "@" not in name) or ("-" in name and "@" not in name)
        return found[0] if is_tag else f"&lt;{found[1]}{found[2]}"

    return _MAYBE_TAG.sub(kept, html)
