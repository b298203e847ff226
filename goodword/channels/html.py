"""A customer's HTML, cleaned for showing.

Nothing remote is fetched: the address of a remote image is moved aside until the agent asks for it.
The page that shows the HTML is served in a sandbox of its own besides (`goodword.web`).
"""

import re

import nh3

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
_CLEAN_IMAGE = re.compile(r'(<img\b(?:[^">]|"[^"]*")*?\s)src="((?:https?:)?//)')
_HELD_IMAGE = re.compile(r'(<img\b(?:[^">]|"[^"]*")*?\s)data-held-src="')
_CONTENT_ID = re.compile(r'(<img\b(?:[^">]|"[^"]*")*?\s)src="cid:([^"]*)"')
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "width", "summary"},
    "td": {"colspan", "rowspan", "width", "headers"},
    "th": {"colspan", "rowspan", "width", "headers", "scope"},
    "ol": {"start", "type"},
    "blockquote": {"cite", "type"},
    "font": {"color", "size"},
}


def cleaned(html: str) -> str:
    """`html` without anything active, styles included; remote images are held back (`data-held-src`)."""
    safe = nh3.clean(
        with_words_kept(html),
        tags=nh3.ALLOWED_TAGS | {"font", "center", "u", "big"},
        clean_content_tags={"script", "style", "title", "template"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return _CLEAN_IMAGE.sub(r'\1data-held-src="\2', safe)


def has_held_images(html: str) -> bool:
    """Whether cleaned HTML waits for somebody to say that its remote images may be fetched."""
    return bool(_HELD_IMAGE.search(html))


def with_remote_images(html: str) -> str:
    """Cleaned HTML with its remote images back: only after the agent has asked for them."""
    return _HELD_IMAGE.sub(r'\1src="', html)


def with_inline_images(html: str, addresses: dict[str, str]) -> str:
    """Cleaned HTML whose `cid:` images point at `addresses` (content id to address); an unknown id shows nothing."""
    return _CONTENT_ID.sub(lambda found: f'{found[1]}src="{addresses.get(found[2], "data:,")}"', html)


def with_words_kept(html: str) -> str:
    """`html` with what looks like a tag and is none escaped: people write <word> and <anna@example.com>."""

    def kept(found: re.Match[str]) -> str:
        name = found[2].lower()
        # o:p and the like are Microsoft's own tags, names with a hyphen are somebody's elements.
        is_tag = name in _KNOWN_TAGS or (":" in name and "@" not in name) or ("-" in name and "@" not in name)
        return found[0] if is_tag else f"&lt;{found[1]}{found[2]}"

    return _MAYBE_TAG.sub(kept, html)
