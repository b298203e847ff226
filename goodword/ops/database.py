"""Bringing Django up, and the database to the shape this version needs."""

import os
import sys
from collections.abc import Callable

import django
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from goodword.lib.configuration import ConfigurationError
from goodword.ops.logs import configure_logging

UNFINISHED_MOVE = "goodword_unfinished_move"
"""A table that is in a database from the first moment of `goodword move-to` until everything in it was compared."""


def start_django() -> None:
    """Load the settings and the apps. `desk.toml` must have been written before, or its secret key is lost."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.settings")
    configure_logging()
    django.setup()


def bring_up_to_date(tell: Callable[[str], None] = lambda _: None) -> None:
    """Run the migrations that are missing and make the cache table.

    Raises ConfigurationError if the database cannot be reached, or was made by a newer Goodword.
    """
    try:
        if _is_behind():
            tell("Preparing the database")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise ConfigurationError(
            f"the database does not answer: {_first_line(error)}. See GOODWORD_DATABASE."
        ) from None


def on_sqlite() -> bool:
    """Whether this desk keeps its rows in the data folder."""
    return connection.vendor == "sqlite"


def quiet_exit(status: int) -> None:
    """Flush and leave at once, whatever threads still sit in a blocking call; rows are safe in the database."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _is_behind() -> bool:
    if UNFINISHED_MOVE in connection.introspection.table_names():
        raise ConfigurationError(
            "this database is the target of a `goodword move-to` that was not finished, and holds no whole desk. Run "
            "move-to again from the desk in SQLite, which is as it was."
        )
    executor = MigrationExecutor(connection)
    _refuse_newer(executor)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_newer(executor: MigrationExecutor) -> None:
    loader = executor.loader
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.graph.nodes
    )
    if unknown and not any(migration.replaces for migration in loader.disk_migrations.values()):
        raise ConfigurationError(
            f"this database was made by a newer Goodword (it has {', '.join(unknown[:3])}). "
            "Install that version, or restore a backup from before the upgrade."
        )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
