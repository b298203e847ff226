"""The embedded database: WAL, IMMEDIATE, synchronous=FULL, and one FIFO lock around every write.

Django looks for a `base` module with a `DatabaseWrapper`, hence the names.
"""

from typing import Any

from django.db.backends.sqlite3 import base as django_sqlite

from goodword.lib.sqlite.fifo import FifoLock

write_lock = FifoLock()
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class WriteLockedCursor(django_sqlite.SQLiteCursorWrapper):
    """A cursor whose single writes outside a transaction take the lock too."""

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement, behind the lock if it writes on its own."""
        if self.connection.in_transaction or not query.lstrip()[:7].upper().startswith(_WRITES):
            return super().execute(query, params)
        with write_lock:
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement many times, behind the lock if it stands outside a transaction."""
        if self.connection.in_transaction:
            return super().executemany(query, param_list)
        with write_lock:
            return super().executemany(query, param_list)


class DatabaseWrapper(django_sqlite.DatabaseWrapper):
    """Holds the process-wide write lock from BEGIN IMMEDIATE to COMMIT or ROLLBACK."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._holds_lock = False

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that knows the lock."""
        return self.connection.cursor(factory=WriteLockedCursor)

    def _savepoint_allowed(self) -> bool:
        # Django's SQLite backend does not ask its own feature; making the demo switches savepoints off by it.
        return bool(self.features.uses_savepoints) and super()._savepoint_allowed()  # type: ignore[misc]  # ditto

    def _start_transaction_under_autocommit(self) -> None:
        if not self._holds_lock:
            write_lock.acquire()
            self._holds_lock = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's stubs leave it out
        except BaseException:
            self._let_go()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # Django's stubs leave it out
        self._let_go()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # Django's stubs leave it out
        finally:
            self._let_go()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # Django's stubs leave it out
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._holds_lock:
            self._holds_lock = False
            write_lock.release()
