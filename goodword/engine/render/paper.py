"""A handbook as PDF, printed by Typst: contents, numbered clauses, rules that break well over pages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from goodword.engine.errors import EngineError
from goodword.engine.render.contents import Chapter, Figure, Handbook, LawPage, Part, Rule
from goodword.engine.render.typst_text import literal, plain, prose
from goodword.engine.render.wording import Wording, wording


def handbook_pdf(book: Handbook) -> bytes:
    """The handbook as a tagged PDF. Raises EngineError with Typst's own words if it cannot be printed."""
    import typst  # 20 MB that nobody needs who does not print

    try:
        return bytes(typst.compile(handbook_typst(book).encode(), ignore_system_fonts=True))
    except (RuntimeError, ValueError) as error:
        raise EngineError(f"the handbook could not be printed: {error}") from None


def handbook_typst(book: Handbook) -> str:
    """What Typst is given: the looks of `paper.typ`, then the text."""
    return "\n".join([_looks(), _setup(book), *_front(book), *_chapters(book), *_back(book)])


@cache
def _looks() -> str:
    return files(__package__).joinpath("paper.typ").read_text(encoding="utf-8")


def _setup(book: Handbook) -> str:
    words = wording(book.language)
    title = book.chapters[0].title if _is_leaflet(book) else _title(book, words)
    before, between, after = words.page.replace("{pages}", "{page}").split("{page}")
    pages = f"(n, m) => [{plain(before)}#n;{plain(between)}#m;{plain(after)}]"
    return (
        f"#show: setup.with(name: {literal(book.name)}, title: {literal(f'{book.name}: {title}')}, "
        f"lang: {literal(book.language)}, stamp: {literal(book.stamp)}, page-words: {pages})"
    )


def _is_leaflet(book: Handbook) -> bool:
    return len(book.chapters) == 1 and not book.chapters[0].number


def _title(book: Handbook, words: Wording) -> str:
    return words.for_staff if book.audience == "staff" else words.for_public


def _front(book: Handbook) -> list[str]:
    if _is_leaflet(book):
        return []
    words = wording(book.language)
    lines = [
        *(f"{name}: {text}" if text else name for name, text, _url in book.memberships),
        " · ".join(book.contact),
        book.stamp,
    ]
    cover = ", ".join(
        [literal(book.name), _or_none(book.tagline), literal(_title(book, words)), _or_none(book.mission), _list(lines)]
    )
    return [f"#cover({cover})", "#pagebreak()", f"#contents({literal(words.contents)})"]


def _or_none(text: str) -> str:
    return literal(text) if text else "none"


def _list(texts: list[str]) -> str:
    return "(" + "".join(f"{literal(text)}, " for text in texts if text) + ")"


def _chapters(book: Handbook) -> list[str]:
    printed = []
    for chapter in book.chapters:
        printed += ["#pagebreak(weak: true)", _head(chapter, book)]
        printed += [prose(chapter.intro, chapter.code, book.anchors)]
        printed += [_clause(part, chapter.code, book) for part in chapter.parts]
    return printed


def _head(chapter: Chapter, book: Handbook) -> str:
    words = wording(book.language)
    note = literal(words.staff_only) if chapter.staff_only else "none"
    parts = [chapter.number, chapter.title, chapter.code]
    given = [*map(literal, parts), _or_none(chapter.summary), _or_none(chapter.standing(book.language)), note]
    return f"#chapter({', '.join(given)})"


def _clause(part: Part, policy: str, book: Handbook) -> str:
    words = wording(book.language)
    body = [prose(part.prose, policy, book.anchors)]
    if part.rules:
        heads = _list([words.rule, words.when, words.then])
        body.append(f"#rules({heads}, ({''.join(_rule(rule, words) + ', ' for rule in part.rules)}))")
    for name, text in part.says:
        caption = literal(words.say.format(name=name))
        body.append(f"#said({caption})[{prose(text, policy, book.anchors)}]")
    note = literal(words.staff_only) if part.staff_only else "none"
    level = min(part.level + 1, 4)
    given = f"{level}, {literal(part.number)}, {literal(part.heading)}, {literal(part.anchor)}, {note}"
    return f"#clause({given})[{chr(10).join(body)}]"


def _rule(rule: Rule, words: Wording) -> str:
    when = f"pairs(({_pairs(rule.when)}))" if rule.when else f"[{plain(words.always)}]"
    beaten = words.exception_to.format(rules=", ".join(rule.exception_to)) if rule.exception_to else ""
    return f"({literal(rule.number)}, {_or_none(beaten)}, {when}, pairs(({_pairs(rule.then)})))"


def _pairs(pairs: list[tuple[str, str]]) -> str:
    return "".join(f"({literal(name)}, {literal(value)}), " for name, value in pairs)


def _back(book: Handbook) -> list[str]:
    words = wording(book.language)
    printed = []
    if book.figures:
        rows = "".join(_figure(figure, book) + ", " for figure in book.figures)
        heads = _list([words.number, words.value])
        printed += [_heading(words.numbers), f"#figures({heads}, ({rows}))"]
    if book.law:
        printed += [_heading(words.law), *(_law(page, words) for page in book.law)]
    return printed


def _heading(title: str) -> str:
    return f"#pagebreak(weak: true)\n#heading(level: 1)[{plain(title)}]"


def _figure(figure: Figure, book: Handbook) -> str:
    later = _list(figure.changes(book.language))
    return f"({literal(figure.label)}, {_or_none(figure.source)}, {literal(figure.value)}, {later})"


def _law(page: LawPage, words: Wording) -> str:
    source = plain(words.source.format(source=page.source))
    return (
        f"#heading(level: 2)[{plain(page.title)}]\n#block(text(size: 8.5pt, fill: soft)[{source}])\n"
        f"#[#set text(lang: {literal(page.language)})\n{prose(page.prose, '', frozenset())}]"
    )
