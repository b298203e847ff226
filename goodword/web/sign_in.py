"""Sign-in is allauth's; only the house rules around it are ours."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by herself: a manager invites agents."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False
