"""The room as Django knows it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the room under its own name."""

    name = "goodword.accounts"
