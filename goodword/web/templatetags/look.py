"""How things look: icons, and what shows a state by icon and word, never by colour alone."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from goodword.web.icons import ICONS

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """The drawing `name` as inline SVG; hidden from screen readers unless it has a `label`."""
    drawing = mark_safe(ICONS[name])
    if label:
        return format_html(
            '<svg class="icon {}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', css, label, drawing
        )
    return format_html('<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', css, drawing)
