"""Showing how far a long command is: a bar on a terminal, a plain line every few seconds anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

_SECONDS_BETWEEN_LINES = 5.0

Tell = Callable[[int, str], None]


@contextmanager
def progress(title: str, total: int) -> Iterator[Tell]:
    """Yields what to call with how much of `total` is done and a few words; writes to standard error."""
    if sys.stderr.isatty():
        with _bar(title, total) as tell:
            yield tell
    else:
        yield _lines(title, total)


@contextmanager
def _bar(title: str, total: int) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = [TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()]
    with Progress(*columns, TextColumn("{task.fields[words]}"), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=max(total, 1), words="")
        yield lambda done, words: bar.update(task, completed=done, words=words)


def _lines(title: str, total: int) -> Tell:
    told_at = monotonic()

    def tell(done: int, words: str) -> None:
        nonlocal told_at
        if monotonic() - told_at >= _SECONDS_BETWEEN_LINES:
            told_at = monotonic()
            print(f"{title}: {100 * done // max(total, 1)}%, {words}", file=sys.stderr, flush=True)

    return tell
