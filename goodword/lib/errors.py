"""The house's tree of errors. Rooms raise them; each door translates them once.

GoodwordError
├── NotFound   there is no such thing, or the asker may not know that there is
├── Refused    it exists, but may not be done now; says why and what to do instead
└── Invalid    what was given makes no sense; says which field
"""


class GoodwordError(Exception):
    """Whatever the house itself refuses. The message is shown to a person, so it is a whole sentence."""


class NotFound(GoodwordError):
    """There is no such thing for this asker; never tells whether it exists for somebody else."""


class Refused(GoodwordError):
    """The act is understood and not allowed now. `reason` says why and what to do instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Invalid(GoodwordError):
    """A value makes no sense. `field` names it as the user or the API knows it."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
