"""Quotations are folded and never cut: text and quotation together are the whole mail, to the letter."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.channels.folding import Folded, fold, segments
from goodword.channels.html_text import as_text
from goodword.channels.parsing import parse
from tests.channels.post import SHARED_MAIL

FOLDERS = ("talon", "reply_trimmer", "crisp_reply_parser")


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("Ja tak.\n\n", "Den man. 16. nov. 2026 kl. 10.04 skrev Ida Lund <ida@x.example>:\n\n> Kære Freja\n> Jo.\n"),
        ("Yes please.\n\n", "On Mon, 16 Nov 2026 at 10:04, Ida Lund <\nhello@x.example> wrote:\n\n> Dear Oliver\n"),
        ("Ja\n\n", "-----Oprindelig meddelelse-----\nFra: Os\nSendt: 16. november 2026\nTil: Freja\nEmne: x\n\nHej\n"),
        ("Evet.\n\n", "Ida Lund <ida@x.example>, 16 Kas 2026 Pzt, 10:04 tarihinde şunu yazdı:\n\n> Merhaba\n"),
        ("Ya.\n\n", "Pada tanggal 16 Nov 2026 10.04, Ida <ida@x.example> menulis:\n> Halo\n"),
        ("Baik.\n\n", "Daripada: Ida <ida@x.example>\nDihantar: 16 November 2026\nKepada: saya\n\nSalam\n"),
        ("Just words: with colons at 10:04.\n", ""),
        ("> only quoted\n> lines\n", ""),
        ("On Monday you wrote that it comes.\nIt did not.\n", ""),
        ("First\n> a question?\nMy answer\n> another?\nAnother answer\n", ""),
        ("On Mon, 16 Nov 2026 at 10:04, Ida <i@x.example> wrote:\n> May we?\n\nYes, you may.\n", ""),
    ],
)  # fmt: skip
def test_what_stands_below_is_folded_and_what_was_written_is_not(written: str, quoted: str) -> None:
    folded = fold(written + quoted)
    assert (folded.text, folded.quoted) == (written, quoted)


@given(
    st.lists(
        st.sampled_from(
            ["> a", "On Mon 10:04 a@x wrote:", "From: a@x", "Sent: 2026", "--", "", "b\r", "____________", "x:"]
        )
    )
)
def test_nothing_is_ever_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    folded = fold(text)
    assert folded.text + folded.quoted == text
    assert "".join(part.text for part in segments(text)) == text


@pytest.mark.parametrize(
    "evil",
    ["On " * 30_000, ("On " + "a " * 300 + "\n") * 2000, ("From: a@b 2020\n") * 5000, "a:\n" * 50_000, "_" * 90_000,
     ("On 12:00 " + "x " * 80 + ":\n") * 2000, "> a\nb\n" * 5000],
)  # fmt: skip
def test_no_text_can_keep_the_reader_busy(evil: str) -> None:
    start = time.perf_counter()
    fold(evil)
    assert time.perf_counter() - start < 8


def corpus() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for path in sorted((SHARED_MAIL / folder).rglob("*.*")):
            content = path.read_bytes()
            if path.suffix == ".eml":
                yield path.name, parse(content).text
            elif path.suffix == ".html":
                yield path.name, as_text(content.decode("utf-8", "replace"))
            elif path.suffix == ".txt":
                yield path.name, content.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("written", "below"),
    [
        ("Yes.\n\n", "Max <max@x.example> schrieb am Fr., 28.\nApr. 2017 um 11:53 Uhr:\n\n> Hallo\n"),
        ("Yes.\n\n", "2013/7/20 Sam via Meta <info@x.example>\n\n> Hello\n"),
        ("Yes.\n\n", "---- On Tue, 22 Dec 2015 14:17:36 +0530 Sam<info@x.example> wrote ----\n\nHello\n"),
        ("Yes.\n\n", "-------- Original Message --------\n\nHello\n"),
        ("Yes.\n\n", "On 1 Feb 2016, Sam <s@x.example> wrote:\n> Hello\n\n--\nBob\n"),
    ],
)
def test_introductions_of_every_making_are_folded_whole(written: str, below: str) -> None:
    assert fold(written + below) == Folded(written, below)


@pytest.mark.skipif(not SHARED_MAIL.exists(), reason="../shared/data/mail is not here")
def test_no_letter_of_the_corpora_is_lost() -> None:
    seen = 0
    for name, text in corpus():
        folded = fold(text)
        assert folded.text + folded.quoted == text, name
        assert "".join(part.text for part in segments(text)) == text, name
        assert folded.text.strip() or not text.strip(), name
        seen += 1
    assert seen > 150


@pytest.mark.skipif(not SHARED_MAIL.exists(), reason="../shared/data/mail is not here")
def test_most_of_the_corpora_fold_as_others_expect() -> None:
    """We leave signatures and answers below a quotation in sight on purpose, which others cut: hence not all."""
    talon: list[Any] = json.loads((SHARED_MAIL / "talon/expected.json").read_text())
    letters = [case for case in talon if "file" in case]
    assert (sum(_first(case, _talons_text(case["file"])) for case in letters), len(letters)) == (20, 21)
    trimmer: list[Any] = json.loads((SHARED_MAIL / "reply_trimmer/expected.json").read_text())
    texts = [((SHARED_MAIL / "reply_trimmer" / case["file"]).read_text(), case) for case in trimmer]
    assert sum(fold(text).text.strip() == case["trimmed"].strip() for text, case in texts) >= 48


@pytest.mark.skipif(not SHARED_MAIL.exists(), reason="../shared/data/mail is not here")
def test_most_of_crisps_mails_fold_as_that_library_expects() -> None:
    folder = SHARED_MAIL / "crisp_reply_parser"
    told: dict[str, Any] = json.loads((folder / "expected.json").read_text())
    wanted = {case["file"]: words for case in told["tests"] if (words := _wanted(case, told["common_first_fragment"]))}
    right = sum(fold((folder / file).read_text()).text.strip() == words for file, words in wanted.items())
    assert (right, len(wanted)) == (35, 45)


_TEXT = r'("(?:[^"\\]|\\.)*")'
_FIRST = r"(?:email\.getVisibleText\(\)|reply|(?:reply\.)?fragments\[0\](?:\.toString\(\))?)"
_WHOLE = re.compile(rf"test\.equal\({_TEXT}, {_FIRST}\);")


def _wanted(case: dict[str, Any], common: str) -> str:
    """What a test of Crisp's says is the whole of the answer; "" where it looks for single words only."""
    for line in case["assertions"]:
        if "COMMON_FIRST_FRAGMENT" in line:
            return common.strip()
        if whole := _WHOLE.match(line):
            return str(json.loads(whole[1])).strip()
    return ""


def _talons_text(file: str) -> str:
    path = SHARED_MAIL / "talon" / file
    return parse(path.read_bytes()).text if path.suffix == ".eml" else as_text(path.read_text(errors="replace"))


def _first(case: dict[str, str], text: str) -> bool:
    """As talon's own tests compare: one of two answers, and of HTML without spaces and lines."""
    found = fold(text).text.strip()
    wanted = [part.split(" (whitespace")[0].strip() for part in [case["reply"], *case["reply"].split(" | ")]]
    bare = "".join(found.split())
    return found in wanted or ("(whitespace" in case["reply"] and bare == "".join(wanted[0].replace("|", "").split()))
