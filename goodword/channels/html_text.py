"""A mail's HTML read as text, where it has no other text."""

import re
from html.parser import HTMLParser

from goodword.channels.tags import with_words_kept

_BLOCK_NAMES = """
address article aside blockquote body caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5
h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul
"""


def as_text(html: str) -> str:
    """What a reader of `html` would read, quoted blocks marked with ">"."""
    reader = _Reader()
    reader.feed(with_words_kept(html))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects the lines of a page as it is read aloud."""

    _BLOCKS = frozenset(_BLOCK_NAMES.split())
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
            self._line = "- " if tag == "li" else ""
            if tag == "hr":
                self._write("---")
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
