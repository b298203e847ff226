"""A handbook as one HTML page that needs nothing else: it can be mailed, put on an intranet, or printed."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

from goodword.engine.render.contents import Chapter, Figure, Handbook, LawPage, Part, Rule
from goodword.engine.render.markdown import anchor_of, markdown, without_comments
from goodword.engine.render.wording import Wording, wording


def handbook_html(book: Handbook) -> str:
    """The handbook as one page. It loads nothing from anywhere and holds no script."""
    words = wording(book.language)
    title = escape(f"{book.name}: {words.for_staff if book.audience == 'staff' else words.for_public}")
    body = [_front(book, words), *(_chapter(chapter, book, words) for chapter in book.chapters)]
    body += [_figures(book, words), *_law(book, words)]
    return (
        f'<!doctype html>\n<html lang="{escape(book.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_style()}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(filter(None, body))
        + "\n</main>\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return files(__package__).joinpath("page.css").read_text(encoding="utf-8")


def _front(book: Handbook, words: Wording) -> str:
    title = words.for_staff if book.audience == "staff" else words.for_public
    entries = "".join(map(_entry, book.chapters))
    lines = [" · ".join(book.contact), *(f"{name}: {text}" if text else name for name, text, _url in book.memberships)]
    return (
        f'<header><h1>{escape(book.name)}</h1><p class="lead">{escape(book.tagline)}</p><p>{escape(title)}</p>'
        f"<p>{escape(book.mission)}</p>{''.join(f'<p class=soft>{escape(line)}</p>' for line in lines if line)}"
        f'<p class="soft">{escape(book.stamp)}</p></header>'
        f'<nav aria-label="{escape(words.contents)}"><ol>{entries}</ol></nav>'
    )


def _entry(chapter: Chapter) -> str:
    parts = "".join(
        f'<li><a href="#{_id(part.anchor)}">{_number(part.number)}{escape(part.heading)}</a></li>'
        for part in chapter.parts
    )
    return (
        f'<li><a href="#{escape(chapter.code)}">{_number(chapter.number)}{escape(chapter.title)}</a>'
        f"<ol>{parts}</ol></li>"
    )


def _number(number: str) -> str:
    return f'<span class="no">{escape(number)}</span> ' if number else ""


def _id(anchor: str) -> str:
    return escape(anchor.replace("#", "-"))


def _chapter(chapter: Chapter, book: Handbook, words: Wording) -> str:
    badge = f'<span class="badge">{escape(words.staff_only)}</span>' if chapter.staff_only else ""
    parts = [
        f'<section id="{escape(chapter.code)}"><h2>{_number(chapter.number)}{escape(chapter.title)}</h2>{badge}',
        f'<p class="lead">{escape(chapter.summary)}</p>' if chapter.summary else "",
        f'<p class="soft">{escape(chapter.standing(book.language))}</p>',
        _prose(chapter.intro, chapter.code, book),
        *(_part(part, chapter.code, book) for part in chapter.parts),
        "</section>",
    ]
    return "\n".join(filter(None, parts))


def _part(part: Part, policy: str, book: Handbook) -> str:
    words = wording(book.language)
    level = min(part.level + 2, 6)
    badge = f'<span class="badge">{escape(words.staff_only)}</span>' if part.staff_only else ""
    says = [
        f"<figure><figcaption>{escape(words.say.format(name=name))}</figcaption>{_prose(text, policy, book)}</figure>"
        for name, text in part.says
    ]
    heading = f"<h{level}>{_number(part.number)}{escape(part.heading)}</h{level}>"
    body = [_prose(part.prose, policy, book), _rules(part.rules, words), *says]
    return "\n".join([f'<section id="{_id(part.anchor)}">{heading}{badge}', *filter(None, body), "</section>"])


def _prose(text: str, policy: str, book: Handbook) -> str:
    """Markdown as HTML; links within the book lead to their place on this page, or are plain words."""
    parser = markdown()
    tokens = parser.parse(without_comments(text))
    for token in (child for block in tokens for child in block.children or []):
        if token.type == "link_open" and (anchor := anchor_of(str(token.attrs.get("href", "")), policy)):
            token.attrs["href"] = f"#{anchor.replace('#', '-')}" if anchor in book.anchors else f"#{policy}"
    return str(parser.renderer.render(tokens, parser.options, {})).strip()


def _rules(rules: list[Rule], words: Wording) -> str:
    if not rules:
        return ""
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in (words.rule, words.when, words.then))
    rows = "".join(_rule(rule, words) for rule in rules)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _rule(rule: Rule, words: Wording) -> str:
    when = _pairs(rule.when) or escape(words.always)
    if rule.exception_to:
        when += f'<p class="soft">{escape(words.exception_to.format(rules=", ".join(rule.exception_to)))}</p>'
    return f'<tr><th scope="row">{escape(rule.number)}</th><td>{when}</td><td>{_pairs(rule.then)}</td></tr>'


def _pairs(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f"<dl>{rows}</dl>" if rows else ""


def _figures(book: Handbook, words: Wording) -> str:
    if not book.figures:
        return ""
    rows = "".join(_figure(figure, book.language) for figure in book.figures)
    table = f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>'
    return f"<section><h2>{escape(words.numbers)}</h2>{table}</section>"


def _figure(figure: Figure, language: str) -> str:
    notes = "".join(f'<br><span class="soft">{escape(note)}</span>' for note in figure.changes(language))
    source = f'<br><span class="soft">{escape(figure.source)}</span>' if figure.source else ""
    return f'<tr><th scope="row">{escape(figure.label)}{source}</th><td>{escape(figure.value)}{notes}</td></tr>'


def _law(book: Handbook, words: Wording) -> list[str]:
    def page(law: LawPage) -> str:
        return (
            f'<h3>{escape(law.title)}</h3><p class="soft">{escape(words.source.format(source=law.source))}</p>'
            f'<div lang="{escape(law.language)}">{_prose(law.prose, "", book)}</div>'
        )

    return [f"<section><h2>{escape(words.law)}</h2>", *map(page, book.law), "</section>"] if book.law else []
