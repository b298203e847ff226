"""The room as Django knows it, and the moment at which the desk learns what follows from what."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Registers the room under its own name, and the reactions of the whole house."""

    name = "goodword.ops"

    def ready(self) -> None:
        """Fill the registries of journal and people; models are only now there to be imported."""
        from goodword.reactions import register

        register()
