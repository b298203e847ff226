"""A customer's HTML, cleaned for showing.

Nothing remote is fetched: the address of a remote image is moved aside until the agent asks for it.
The page that shows the HTML is served in a sandbox of its own besides (`goodword.web`).
"""

import re
from html import escape

import nh3

from goodword.channels.html_text import as_text
from goodword.channels.nesting import is_too_deep
from goodword.channels.tags import with_words_kept

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


_ONLY_TEXT = '<pre lang="x-only-text">'


def cleaned(html: str) -> str:
    """`html` without anything active, styles included; remote images are held back (`data-held-src`).

    What is nested so deeply that reading it would hold up everybody's mail is shown as its text (`is_only_text`).
    """
    kept = with_words_kept(html)
    if is_too_deep(kept):
        return f"{_ONLY_TEXT}{escape(as_text(html))}</pre>"
    safe = nh3.clean(
        kept,
        tags=nh3.ALLOWED_TAGS | {"font", "center", "u", "big"},
        clean_content_tags={"script", "style", "title", "template"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return _CLEAN_IMAGE.sub(r'\1data-held-src="\2', safe)


def is_only_text(html: str) -> bool:
    """Whether cleaned HTML is only the text of what came."""
    return html.startswith(_ONLY_TEXT)


def has_held_images(html: str) -> bool:
    """Whether cleaned HTML waits for somebody to say that its remote images may be fetched."""
    return bool(_HELD_IMAGE.search(html))


def with_remote_images(html: str) -> str:
    """Cleaned HTML with its remote images back: only after the agent has asked for them."""
    return _HELD_IMAGE.sub(r'\1src="', html)


def with_inline_images(html: str, addresses: dict[str, str]) -> str:
    """Cleaned HTML whose `cid:` images point at `addresses` (content id to address); an unknown id shows nothing."""
    return _CONTENT_ID.sub(lambda found: f'{found[1]}src="{addresses.get(found[2], "data:,")}"', html)
