"""The room as Django knows it."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """Registers the room under its own name."""

    name = "goodword.promises"
