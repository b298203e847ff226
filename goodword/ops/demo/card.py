"""`demo.json`: how to get into the demo, for people (printed) and for programs (the file)."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from goodword.accounts.api_keys import SCOPES, agent_for_key, make_api_key
from goodword.accounts.models import Agent
from goodword.desk.models import Inbox
from goodword.lib import clock
from goodword.ops.demo.cast import PASSWORD, STAFF

# After so long its waiting letters look neglected.
_DAYS_UNTIL_STALE = 3
KEY_AGENT = "mette@nordhvile.example"


def write_card() -> dict[str, Any]:
    """Write `demo.json` into the data folder, readable by its owner only, and return what is in it.

    The key of an earlier start is kept as long as it works, since only its digest is in the database.
    """
    path = settings.DATA_ROOT / "demo.json"
    card = {
        "url": settings.PUBLIC_URL,
        "smtp_port": settings.SMTP_PORT,
        "inbox": Inbox.objects.order_by("id").values_list("address", flat=True)[0],
        "api_key": _key(path),
        "agents": [
            {"email": colleague.email, "password": PASSWORD, "role": colleague.role, "name": colleague.name}
            for colleague in STAFF
        ],
    }
    new = path.with_suffix(".new")
    new.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    new.chmod(0o600)
    new.replace(path)
    return card


def print_card(card: dict[str, Any], console: Console) -> None:
    """Say how to get in, in one panel."""
    ways = Table.grid(padding=(0, 2))
    ways.add_row("Open", f"[bold cyan]{card['url']}/[/]", "three doors, no password")
    ways.add_row("Mail", f"127.0.0.1:{card['smtp_port']}", f"write to {card['inbox']}")
    ways.add_row("API", f"{card['url']}/api/v1/", "the key is in demo.json")
    ways.add_row("Book", str(settings.DATA_ROOT / "demo-book"), "save a file: it is in force in two seconds")
    ways.add_row("", "", "")
    for agent in card["agents"]:
        ways.add_row(agent["role"], agent["email"], agent["name"])
    ways.add_row("", f"[bold]{PASSWORD}[/]", "password of all")
    if days_old() >= _DAYS_UNTIL_STALE:
        ways.add_row("", "", "")
        ways.add_row("Old", f"its letters are {days_old()} days old", "goodword demo --fresh makes a new one")
    console.print(Panel(ways, title="Goodword's demo runs", subtitle="Ctrl+C stops it", expand=False))


def days_old() -> int:
    """How many days ago this demo was made."""
    return (clock.now() - Agent.objects.earliest("id").joined_at).days


def _key(path: Path) -> str:
    earlier = _earlier_key(path)
    if earlier and agent_for_key(earlier):
        return earlier
    _, secret = make_api_key("Demo", Agent.objects.get(email=KEY_AGENT), SCOPES, None)
    return secret


def _earlier_key(path: Path) -> str:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["api_key"])
    except (OSError, ValueError, KeyError):
        return ""
