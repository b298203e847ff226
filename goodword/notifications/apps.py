"""The room as Django knows it."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the room under its own name."""

    name = "goodword.notifications"
