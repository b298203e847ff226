"""The room as Django knows it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Registers the room under its own name."""

    name = "goodword.search"
