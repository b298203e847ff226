"""The PostgreSQL database a desk moves to: reached beside the desk's own, empty at first, marked until all is in it."""

from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from goodword.lib.configuration import ConfigurationError, postgresql_at
from goodword.lib.errors import Refused
from goodword.ops.database import UNFINISHED_MOVE

TARGET = "target"


def reach_target(url: str) -> BaseDatabaseWrapper:
    """Connect to it under the alias TARGET. Raises ConfigurationError if it does not answer or does not keep UTF-8."""
    config = postgresql_at(url, variable="the address")
    # One connection for one long command: no pool.
    config["OPTIONS"] = {}
    connections.configure_settings({"default": {}, TARGET: config})
    connections.databases[TARGET] = config
    try:
        target = connections[TARGET]
        with target.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
    except ImproperlyConfigured:
        raise ConfigurationError("PostgreSQL needs one more package: pip install 'goodword[postgres]'.") from None
    except OperationalError as error:
        raise ConfigurationError(f"the target does not answer: {str(error).splitlines()[0]}") from None
    if encoding != "UTF8":
        raise ConfigurationError(f"the target keeps {encoding}, not UTF-8. Make it with: createdb --encoding UTF8 NAME")
    return target


def prepare_target(target: BaseDatabaseWrapper) -> None:
    """Mark it as unfinished and make the tables. What an earlier move left unfinished goes first.

    Raises Refused where there is anything else in it.
    """
    tables = target.introspection.table_names()
    if tables and UNFINISHED_MOVE not in tables:
        raise Refused(
            f"The target is not empty: it holds {len(tables)} tables ({', '.join(sorted(tables)[:3])}, …). Nothing was "
            "done. Make an empty database (createdb NAME) and name that one."
        )
    quote = target.ops.quote_name
    with target.cursor() as cursor:
        for table in tables:
            if table != UNFINISHED_MOVE:
                cursor.execute(f"DROP TABLE IF EXISTS {quote(table)} CASCADE")
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {UNFINISHED_MOVE} (begun_at timestamptz DEFAULT now())")
    call_command("migrate", database=TARGET, interactive=False, verbosity=0)
    call_command("createcachetable", database=TARGET, verbosity=0)


def without_password(url: str) -> str:
    """The address as it may be printed."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    name = f"{parts.username}:PASSWORD@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=name))
