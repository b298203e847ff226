"""The GOODWORD_* environment variables: read once, checked at once, refused with a clear sentence.

The data folder keeps `desk.toml` (what kind of desk lives there and its secret key), so that a start
needs no variable at all.
"""

import os
import secrets
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

KNOWN = {
    "GOODWORD_DATA": "folder with everything this desk keeps (default: var)",
    "GOODWORD_PORT": "port of the web pages (default: 8000)",
    "GOODWORD_SMTP_PORT": "port of the mail receiver (default: 2525)",
    "GOODWORD_HOST": "address to listen on (default: 127.0.0.1; a demo listens on nothing else)",
    "GOODWORD_URL": "public address of the desk, as customers see it (default: http://127.0.0.1:PORT)",
    "GOODWORD_DATABASE": "postgresql://user:password@host:port/name (default: SQLite in the data folder)",
    "GOODWORD_SMTP_OUT": "smtp://user:password@host:port to send through (a demo has its own outbox)",
    "GOODWORD_MAIL_LIMIT": "largest mail taken, in bytes (default: 52428800)",
    "GOODWORD_TESTING": "set by the test suite only",
}
SMALLEST_MAIL_LIMIT = 64 * 1024


class ConfigurationError(SystemExit):
    """A variable makes no sense. Printed as one sentence; the process ends with status 2."""

    def __init__(self, message: str) -> None:
        print(f"goodword: {message}", file=sys.stderr)
        super().__init__(2)


@dataclass(frozen=True)
class Configuration:
    """Everything the plumbing needs to know. Ports are TCP ports, sizes are bytes."""

    package: Path
    data: Path
    port: int
    smtp_port: int
    host: str
    url: str
    hosts: list[str]
    database: dict[str, Any]
    smtp_out: str
    mail_limit_bytes: int
    secret_key: str
    demo: bool
    testing: bool


def read_configuration(environ: dict[str, str] | None = None) -> Configuration:
    """Read the variables (default: the process's own). Raises ConfigurationError at the first nonsense."""
    env = dict(os.environ if environ is None else environ)
    _refuse_unknown(env)
    data = Path(env.get("GOODWORD_DATA", "var")).absolute()
    desk = _read_desk_file(data)
    host = env.get("GOODWORD_HOST", "127.0.0.1")
    port = _port(env, "GOODWORD_PORT", 8000)
    demo = bool(desk.get("demo", False))
    if demo and host not in {"127.0.0.1", "localhost", "::1"}:
        raise ConfigurationError(
            f"GOODWORD_HOST is {host!r}, but the demo opens doors without passwords and listens on 127.0.0.1 only. "
            "Make a desk of your own with `goodword new`."
        )
    url = _url(env.get("GOODWORD_URL", str(desk.get("url", "")))) or f"http://127.0.0.1:{port}"
    return Configuration(
        package=Path(__file__).resolve().parent.parent,
        data=data,
        port=port,
        smtp_port=_port(env, "GOODWORD_SMTP_PORT", 2525),
        host=host,
        url=url,
        hosts=["127.0.0.1", "localhost", "[::1]", "testserver", urlsplit(url).hostname or "127.0.0.1"],
        database=_database(env.get("GOODWORD_DATABASE", ""), data),
        smtp_out=_smtp_out(env.get("GOODWORD_SMTP_OUT", str(desk.get("smtp_out", "")))),
        mail_limit_bytes=_mail_limit(env),
        secret_key=str(desk.get("secret_key", "")) or secrets.token_urlsafe(50),
        demo=demo,
        testing=env.get("GOODWORD_TESTING") == "1",
    )


def _refuse_unknown(env: dict[str, str]) -> None:
    for name in env:
        if name.startswith("GOODWORD_") and name not in KNOWN:
            known = ", ".join(sorted(set(KNOWN) - {"GOODWORD_TESTING"}))
            raise ConfigurationError(f"{name} is set, but there is no such variable. Known are: {known}.")


def _read_desk_file(data: Path) -> dict[str, Any]:
    path = data / "desk.toml"
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {error}. Mend the file, or restore it from a backup.") from None


def _port(env: dict[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise ConfigurationError(f"{name} is {text!r}; it must be a port, a whole number from 1 to 65535.")


def _mail_limit(env: dict[str, str]) -> int:
    text = env.get("GOODWORD_MAIL_LIMIT", str(50 * 1024 * 1024))
    if text.isdigit() and int(text) >= SMALLEST_MAIL_LIMIT:
        return int(text)
    raise ConfigurationError(f"GOODWORD_MAIL_LIMIT is {text!r}; it must be bytes, {SMALLEST_MAIL_LIMIT} at least.")


def _url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ConfigurationError(f"GOODWORD_URL is {text!r}; it must be like https://desk.example.com.")
    return text.rstrip("/")


def _smtp_out(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ConfigurationError(
            f"GOODWORD_SMTP_OUT is {text!r}; it must be like smtp://user:password@mail.example.com:587."
        )
    return text


def _database(text: str, data: Path) -> dict[str, Any]:
    return postgresql_at(text) if text else _sqlite(data)


def postgresql_at(url: str, *, variable: str = "GOODWORD_DATABASE") -> dict[str, Any]:
    """Django's settings for a PostgreSQL address. Raises ConfigurationError, naming `variable`, if it is none."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ConfigurationError(f"{variable} must be like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A pool, never CONN_MAX_AGE: under ASGI the latter failed 277 times at 50 clients (DESIGN.md).
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 20}},
    }


def _sqlite(data: Path) -> dict[str, Any]:
    return {
        "ENGINE": "goodword.lib.sqlite",
        "NAME": data / "goodword.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0;",
        },
        "TEST": {"NAME": data / f"test-{os.getpid()}.sqlite3"},
    }
