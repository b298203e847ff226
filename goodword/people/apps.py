"""The room as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room under its own name."""

    name = "goodword.people"
