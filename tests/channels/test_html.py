"""A customer's HTML is shown without anything active, and fetches nothing until the agent asks."""

import time

import pytest

from goodword.channels.html import cleaned, has_held_images, is_only_text, with_inline_images, with_remote_images


@pytest.mark.parametrize(
    "active",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java&#10;script:alert(1)">x</a>',
        "<iframe src='https://x.example'></iframe>",
        "<svg><script>alert(1)</script></svg>",
        "<form action='https://x.example'><input name=a></form>",
        "<style>@import 'https://x.example'</style>",
        '<p style="background:url(https://x.example)">x</p>',
        "<object data='https://x.example'></object>",
        "<meta http-equiv=refresh content='0;url=https://x.example'>",
        "<base href='https://x.example'>",
        '<link rel="stylesheet" href="https://x.example">',
        '<table background="https://x.example"><tr><td>x</td></tr></table>',
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
        '<img srcset="https://x.example 2x">',
        '<video src="https://x.example" poster="https://x.example"></video>',
    ],
)
def test_nothing_active_or_remote_is_left(active: str) -> None:
    safe = cleaned(active).lower()
    for bad in (
        "script",
        "onerror",
        "iframe",
        "<form",
        "<style",
        "style=",
        "<object",
        "<meta",
        "<base",
        "<link",
        "x.example",
    ):
        assert bad not in safe or "x.example" in active


def test_remote_images_are_held_back_until_asked_for() -> None:
    safe = cleaned('<p>Hej<img alt=">" src="https://x.example/a.gif?who=me"><img src="//x.example/b"></p>')
    assert 'src="https' not in safe.replace("data-held-src", "")
    assert has_held_images(safe)
    shown = with_remote_images(safe)
    assert shown.count(' src="') == 2
    assert not has_held_images(shown)


def test_words_cannot_pretend_to_be_a_held_image() -> None:
    safe = cleaned('<p>&lt;img data-held-src="https://x.example"&gt;</p><img data-held-src="https://x.example">')
    assert not has_held_images(safe)


def test_inline_images_point_at_our_own_copies() -> None:
    safe = cleaned('<img src="cid:moon@x" alt="Moon"><img src="cid:gone">')
    assert with_inline_images(safe, {"moon@x": "/f/1"}) == '<img src="/f/1" alt="Moon"><img src="data:,">'


def test_links_open_apart_and_tell_nothing() -> None:
    assert cleaned('<a href="https://x.example">x</a>') == (
        '<a href="https://x.example" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )


def test_what_only_looks_like_a_tag_is_kept() -> None:
    assert cleaned("<p>ordre <10452> fra <anna@x.example> og <word></p>") == (
        "<p>ordre &lt;10452&gt; fra &lt;anna@x.example&gt; og &lt;word&gt;</p>"
    )


@pytest.mark.parametrize(
    "deep",
    [
        "<div>" * 100_000 + "Hello",
        "<!-- </div> --><div title='</div>'>" * 20_000 + "Hello",
        "<p>a" * 40_000 + "Hello",
        "".join(f"<p><font size={number}>" for number in range(3_000)) + "Hello",
        "".join(f"<p><font size={number}><object></font></object>" for number in range(3_000)) + "Hello",
        "<div><svg></div></svg>" * 20_000 + "Hello",
    ],
)
def test_what_is_nested_too_deeply_is_shown_as_text_at_once(deep: str) -> None:
    began = time.process_time()
    safe = cleaned(deep)
    assert time.process_time() - began < 3
    assert (is_only_text(safe), len(safe) < 200_000, "Hello" in safe) == (True, True, True)
    assert "<div" not in safe


@pytest.mark.parametrize(
    "usual",
    [
        "<blockquote>" * 400 + "x" + "</blockquote>" * 400,
        "<table>" + "<tr><td>a<td>b <font>c</font>" * 4_000 + "</table>",
        "<p><b>x</b> <font size=2>y</font></p>" * 5_000,
        "<ul>" + "<li>x" * 5_000 + "</ul>",
        "<p>x" * 5_000,
        "<div><font>x</div>" * 300,
    ],
)
def test_what_is_only_long_or_slovenly_keeps_its_layout(usual: str) -> None:
    assert not is_only_text(cleaned(usual))
