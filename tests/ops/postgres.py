"""A PostgreSQL database of a test's own, beside the one the tests may run on; skipped where no server answers."""

import getpass
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.ops.process import Desk

SERVER = os.environ.get("GOODWORD_DATABASE") or f"postgresql://{getpass.getuser()}@/postgres"


@contextmanager
def own_database() -> Iterator[str]:
    """Its address, until the block ends."""
    psycopg = pytest.importorskip("psycopg")
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip(f"no PostgreSQL answers at {SERVER}")
    name = f"goodword_{uuid.uuid4().hex[:12]}"
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def ask(url: str, question: str) -> list[tuple[Any, ...]]:
    """The rows that answer a question to that database."""
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchall()


@dataclass
class MovedDesk(Desk):
    """The same folder and ports, with the rows in PostgreSQL."""

    database: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        """As before, and where the rows are now."""
        return super().environment(GOODWORD_DATABASE=self.database, **more)
