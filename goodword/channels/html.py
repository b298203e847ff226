"""A customer's HTML: cleaned for showing, and read as text where a mail has no other.

Nothing remote is fetched: the address of a remote image is moved aside until the agent asks for it.
The page that shows the HTML is served in a sandbox of its own besides (`goodword.web`).
"""

import re
from html.parser import HTMLParser

import nh3

_KNOWN_TAGS = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "applet",
        "area",
        "article",
        "aside",
        "audio",
        "b",
        "base",
        "basefont",
        "bdi",
        "bdo",
        "bgsound",
        "big",
        "blink",
        "blockquote",
        "body",
        "br",
        "button",
        "canvas",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "command",
        "content",
        "data",
        "datalist",
        "dd",
        "del",
        "details",
        "dfn",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "element",
        "em",
        "embed",
        "fieldset",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "frame",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "hr",
        "html",
        "i",
        "iframe",
        "image",
        "img",
        "input",
        "ins",
        "isindex",
        "kbd",
        "keygen",
        "label",
        "layer",
        "legend",
        "li",
        "link",
        "listing",
        "main",
        "map",
        "mark",
        "marquee",
        "math",
        "menu",
        "menuitem",
        "meta",
        "meter",
        "multicol",
        "nav",
        "nextid",
        "nobr",
        "noembed",
        "noframes",
        "noindex",
        "noscript",
        "object",
        "ol",
        "optgroup",
        "option",
        "output",
        "p",
        "param",
        "picture",
        "plaintext",
        "portal",
        "pre",
        "progress",
        "q",
        "rb",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "s",
        "samp",
        "script",
        "search",
        "section",
        "select",
        "shadow",
        "slot",
        "small",
        "source",
        "spacer",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "track",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
        "xml",
        "xmp",
        "path",
        "g",
        "rect",
        "circle",
        "line",
        "polygon",
        "use",
        "defs",
    ]
)
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
        _with_words_kept(html),
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


def as_text(html: str) -> str:
    """What a reader of `html` would read, quoted blocks marked with ">"."""
    reader = _Reader()
    reader.feed(_with_words_kept(html))
    reader.close()
    return reader.text()


def _with_words_kept(html: str) -> str:
    """Escape what looks like a tag and is none: people write <word> and <anna@example.com>, and mean it."""

    def kept(found: re.Match[str]) -> str:
        name = found[2].lower()
        # o:p and the like are Microsoft's own tags, names with a hyphen are somebody's elements.
        is_tag = name in _KNOWN_TAGS or (":" in name and "@" not in name) or ("-" in name and "@" not in name)
        return found[0] if is_tag else f"&lt;{found[1]}{found[2]}"

    return _MAYBE_TAG.sub(kept, html)


class _Reader(HTMLParser):
    """Collects the lines of a page as it is read aloud."""

    _BLOCKS = frozenset(
        [
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "tbody",
            "tfoot",
            "thead",
            "tr",
            "ul",
        ]
    )
    _APART = frozenset({"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"})
    _SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._quotes = 0
        self._silent = 0
        self._as_written = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent += 1
        elif tag == "br":
            self._end_line()
        elif tag in self._BLOCKS:
            self._break(tag)
            self._quotes += tag == "blockquote"
            self._as_written += tag == "pre"
            self._line = "- " if tag == "li" else ("---" if tag == "hr" else "")
        elif tag in {"td", "th"} and self._line.strip():
            self._line += " "
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""
        elif tag == "img" and (words := dict(attrs).get("alt")):
            self.handle_data(words)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "body":
            self._silent = 0
        elif tag in self._BLOCKS:
            self._break(tag)
            self._quotes = max(0, self._quotes - (tag == "blockquote"))
            self._as_written = max(0, self._as_written - (tag == "pre"))
        elif tag == "a":
            self._name_link()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._as_written:
            *whole, self._line = (self._line + data).split("\n")
            for line in whole:
                self._write(line)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def text(self) -> str:
        """The lines so far, never more than one empty line together."""
        self._break("p")
        text = "\n".join(self._lines).replace("\xa0", " ")
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n" if text.strip() else ""

    def _break(self, tag: str) -> None:
        if self._line.strip():
            self._end_line()
        self._line = ""
        if tag in self._APART and self._lines and self._lines[-1].strip("> "):
            self._write("")

    def _end_line(self) -> None:
        self._write(self._line.rstrip())
        self._line = ""

    def _write(self, line: str) -> None:
        self._lines.append(f"{'> ' * self._quotes}{line}".rstrip() if self._quotes else line)

    def _name_link(self) -> None:
        # "click here" says nothing without its address; an address that is its own words is said once.
        address, self._link = self._link, ""
        told = address.removeprefix("mailto:").rstrip("/")
        if address.startswith(("http://", "https://")) and told not in self._line and len(address) < 300:
            self._line += f" ({address})"
