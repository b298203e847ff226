"""The history format: one conversation a line, as JSON. These classes are its only definition; the published schema
(`goodword import-history --schema`, docs/history.schema.json) is made from them.

An absent field and its default mean the same. A moment carries its offset; without a moment only the order counts.
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(max_length=60)]
Key = Annotated[str, StringConstraints(max_length=200)]
Language = Annotated[str, StringConstraints(max_length=10, pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,6})?)?$")]
Channel = Annotated[str, StringConstraints(max_length=20, pattern=r"^[a-z][a-z0-9-]*$")]
MailAddress = Annotated[str, StringConstraints(max_length=254, pattern=r"^\s*[^@\s]+@[^@\s]+\s*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HistoryPerson(_Part):
    """A customer. Found again by `id` (within the source), else by any of her addresses; with neither, nobody."""

    id: Key = ""
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    mails: list[MailAddress] = []
    phones: list[Annotated[str, StringConstraints(min_length=3, max_length=40)]] = []
    language: Language = ""
    country: Annotated[str, StringConstraints(max_length=2)] = ""


class HistoryAgent(_Part):
    """Somebody who worked there. Found by `mail`; whom nobody here knows becomes a name that cannot sign in."""

    id: Key = ""
    name: Annotated[str, StringConstraints(max_length=100)] = ""
    mail: MailAddress | Literal[""] = ""

    @model_validator(mode="after")
    def _is_somebody(self) -> "HistoryAgent":
        if not (self.id or self.name or self.mail):
            raise ValueError("an agent has an id, a name or a mail address; leave `agent` out where none is known")
        return self


class HistoryFile(_Part):
    """An attachment: its bytes as `base64`, or a `path` below the folder of the history file."""

    name: Annotated[str, StringConstraints(max_length=255)] = "file"
    type: Annotated[str, StringConstraints(max_length=200)] = "application/octet-stream"
    base64: str | None = None
    path: str | None = None
    content_id: Annotated[str, StringConstraints(max_length=255)] = ""
    inline: bool = False

    @model_validator(mode="after")
    def _has_bytes(self) -> "HistoryFile":
        if (self.base64 is None) == (self.path is None):
            raise ValueError("an attachment has either `base64` or `path`")
        return self


class HistoryMessage(_Part):
    """One thing that was said: by the customer (in), to her (out), or among ourselves (note)."""

    direction: Literal["in", "out", "note"]
    text: str = ""
    at: AwareDatetime | None = None
    channel: Channel | Literal[""] = Field("", description="where it differs from the conversation's")
    language: Language = Field("", description="where it differs from the conversation's")
    subject: Annotated[str, StringConstraints(max_length=1000)] = ""
    agent: HistoryAgent | None = None
    person: HistoryPerson | None = Field(None, description="where it was not the customer; empty: nobody known")
    automatic: bool = Field(False, description="a machine wrote it")
    from_address: Annotated[str, StringConstraints(max_length=254)] = ""
    from_name: Annotated[str, StringConstraints(max_length=200)] = ""
    reply_to: Annotated[str, StringConstraints(max_length=254)] = ""
    to: list[str] = []
    cc: list[str] = []
    quoted_text: str = ""
    html: str = ""
    mail_id: Annotated[str, StringConstraints(max_length=500)] = Field("", description="Message-ID without brackets")
    in_reply_to: Annotated[str, StringConstraints(max_length=500)] = ""
    references: list[str] = []
    files: list[HistoryFile] = []


class HistoryDecision(_Part):
    """What was decided there. It is kept and shown, and is no decision of this desk: no book here can replay it."""

    situation: Code = ""
    outcome: Code
    at: AwareDatetime | None = None
    agent: HistoryAgent | None = None
    amount_cents: int | None = None
    currency: Annotated[str, StringConstraints(max_length=3)] = ""
    reason: str = ""


class HistoryConversation(_Part):
    """One line of the file: a conversation from first word to last."""

    version: Literal[1] = 1
    source: Annotated[str, StringConstraints(max_length=100)] = Field("", description="the desk it comes from")
    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    state: Literal["open", "waiting", "closed"] = "closed"
    channel: Channel = "mail"
    subject: Annotated[str, StringConstraints(max_length=500)] = ""
    language: Language = Field("", description="left out: found from what the customer wrote")
    person: HistoryPerson | None = None
    assignee: HistoryAgent | None = None
    department: Code = ""
    inbox: Annotated[str, StringConstraints(max_length=254)] = ""
    situations: list[Code] = Field([], description="codes of policies of the book")
    outcome: Code = ""
    opened_at: AwareDatetime | None = Field(None, description="left out: the first moment known")
    closed_at: AwareDatetime | None = Field(None, description="left out, where closed: the last moment known")
    tags: list[str] = []
    ids: dict[str, str] = Field({}, description="what else it is known by: an order's number, a case in another system")
    messages: list[HistoryMessage]
    decisions: list[HistoryDecision] = []


def history_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line."""
    made = HistoryConversation.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "A line of a Goodword history"}
