"""A transaction that is done whole or not at all, without a mark to go back to at each inner step."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def in_one_piece() -> Iterator[None]:
    """A transaction whose inner `atomic` blocks set no savepoints: an error in any of them undoes all of it.

    For long chains of actions of which none is tried and given up: each savepoint is two statements for nothing.
    Inside, an error of the database cannot be caught and gone on from.
    """
    features = connection.features
    with transaction.atomic():
        before, features.uses_savepoints = features.uses_savepoints, False
        try:
            yield
        finally:
            features.uses_savepoints = before
