"""How things look: icons, and what shows a state by icon and word, never by colour alone."""

from datetime import date, datetime
from itertools import pairwise

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from goodword.accounts.models import Agent
from goodword.lib import clock
from goodword.web.demo import demo_agent
from goodword.web.icons import ICONS
from goodword.web.shown.times import Due
from goodword.web.shown.times import due as due_words
from goodword.web.shown.words import full_day_words, moment_words

register = template.Library()
MARGIN = 58


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """The drawing `name` as inline SVG; hidden from screen readers unless it has a `label`."""
    drawing = mark_safe(ICONS[name])
    if label:
        return format_html(
            '<svg class="icon {}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', css, label, drawing
        )
    return format_html('<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', css, drawing)


@register.filter
def letter(text: str) -> SafeString:
    """A letter as paragraphs: lines that a mail program broke at its margin flow on, all others stay as they are."""
    paragraphs = [_flowing(each.split("\n")) for each in text.replace("\r\n", "\n").strip().split("\n\n")]
    return format_html_join("\n", "<p>{}</p>", ([each] for each in paragraphs if each))


def _flowing(lines: list[str]) -> SafeString:
    text = conditional_escape(lines[0])
    for before, line in pairwise(lines):
        flows_on = len(before) >= MARGIN and line[:1].isalnum()
        text = format_html("{} {}" if flows_on else "{}<br>{}", text, line)
    return mark_safe(text)


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day with month and year, in the reader's language; nothing for a moment that no source knows."""
    if value == clock.UNKNOWN:
        return ""
    return full_day_words(timezone.localtime(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the company's own time, with its weekday."""
    return moment_words(value) if value else ""


@register.inclusion_tag("web/due.html")
def due(at: datetime | None) -> dict[str, Due | None]:
    """A deadline with icon and words: late, soon or later."""
    return {"due": due_words(at, clock.now()) if at else None}


@register.simple_tag
def demo_people() -> dict[str, Agent | None]:
    """Whom the demo's doors let one be."""
    return {door: demo_agent(door) for door in ("agent", "manager")}
