"""Starting: from a data folder, perhaps empty, to a desk that answers."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from rich.console import Console

from goodword.lib.configuration import Configuration, ConfigurationError, read_configuration
from goodword.ops.database import bring_up_to_date, on_sqlite, start_django
from goodword.ops.folder import has_desk, lock_folder, write_desk_file
from goodword.ops.listening import start_listening
from goodword.ops.ports import claim_port, require_port
from goodword.ops.stopping import stop_on_signals

# desk.toml stays: a fresh demo is the same desk with the same secret key.
_OF_A_DEMO = ("demo.json", "goodword.sqlite3", "goodword.sqlite3-wal", "goodword.sqlite3-shm")
_FOLDERS_OF_A_DEMO = ("blobs", "demo-book", "static")
_console = Console(highlight=False)


def everything() -> int:
    """`goodword run`: make the demo if there is no desk, then run all parts until a signal comes."""
    configuration = _found_desk()
    pages = claim_port(configuration.host, configuration.port, variable="GOODWORD_PORT")
    require_port(configuration.host, configuration.smtp_port, variable="GOODWORD_SMTP_PORT")
    lock_folder(configuration.data)
    start_django()
    _prepare(configuration)
    from goodword.ops.run import outbox_of_the_demo, parts_of_this_desk, running, take_over_after_a_crash
    from goodword.ops.web_server import serve_pages

    take_over_after_a_crash()
    stop = stop_on_signals()
    pages.listen()
    start_listening(stop)
    with outbox_of_the_demo(), running(parts_of_this_desk(_watched_book(configuration)), stop) as died:
        _announce(configuration)
        serve_pages(pages, stop)
    return 1 if died else 0


def web() -> int:
    """`goodword web`: the pages alone; `worker` and `mail` run beside it."""
    configuration = _one_of_several()
    pages = claim_port(configuration.host, configuration.port, variable="GOODWORD_PORT")
    from goodword.ops.web_server import serve_pages

    stop = stop_on_signals()
    start_listening(stop)
    pages.listen()
    _console.print(f"Pages at {configuration.url}")
    serve_pages(pages, stop)
    return 0


def worker() -> int:
    """`goodword worker`: take in, keep the clocks of promises, and beside that send."""
    _one_of_several()
    from goodword.ops.run import outbox_of_the_demo, running, take_over_after_a_crash
    from goodword.ops.worker import send_until, work_until

    take_over_after_a_crash()
    stop = stop_on_signals()
    start_listening(stop)
    _console.print("The worker runs.")
    with outbox_of_the_demo(), running({"sender": send_until}, stop) as died:
        work_until(stop)
    return 1 if died else 0


def mail() -> int:
    """`goodword mail`: taking mail over SMTP, and fetching it by IMAP."""
    configuration = _one_of_several()
    require_port(configuration.host, configuration.smtp_port, variable="GOODWORD_SMTP_PORT")
    from goodword.ops.mail_fetcher import fetch_until
    from goodword.ops.mail_receiver import receive_until
    from goodword.ops.run import running

    stop = stop_on_signals()
    _console.print(f"Mail is taken at {configuration.host}:{configuration.smtp_port}")
    with running({"fetcher": fetch_until}, stop) as died:
        receive_until(stop)
    return 1 if died else 0


def demo(*, fresh: bool) -> int:
    """`goodword demo`: run the demo; `fresh` throws away what an earlier one kept. Never touches a real desk."""
    configuration = read_configuration()
    if has_desk(configuration.data) and not configuration.demo:
        raise ConfigurationError(
            f"{configuration.data} holds a real desk, not a demo. Set GOODWORD_DATA to another folder."
        )
    if fresh and has_desk(configuration.data):
        lock_folder(configuration.data)
        _throw_away(configuration)
    return everything()


def require_desk() -> Configuration:
    """The desk of the data folder with Django up and the database in shape. Raises ConfigurationError without one."""
    configuration = read_configuration()
    if not has_desk(configuration.data):
        raise ConfigurationError(
            f"there is no desk in {configuration.data}. Found one with `goodword new`, see the demo with "
            "`goodword run`, or set GOODWORD_DATA to the folder of a desk."
        )
    start_django()
    bring_up_to_date()
    return configuration


def _one_of_several() -> Configuration:
    configuration = require_desk()
    if on_sqlite():
        # The lock that keeps writers in order lives in one process (DESIGN.md, standing parts).
        raise ConfigurationError(
            "this desk is kept in SQLite and runs in one process: use `goodword run`. "
            "For several processes set GOODWORD_DATABASE to a PostgreSQL address."
        )
    return configuration


def _found_desk() -> Configuration:
    configuration = read_configuration()
    if not has_desk(configuration.data):
        write_desk_file(configuration.data, demo=True)
        # Read again: only now it knows that this is a demo, and refuses to listen to the world.
        configuration = read_configuration()
    return configuration


def _prepare(configuration: Configuration) -> None:
    with _console.status("Starting") as status:
        tell = status.update if _console.is_terminal else _tell_plainly()
        bring_up_to_date(tell)
        if configuration.demo:
            from goodword.ops.demo.seed import make_demo

            make_demo(tell)


def _tell_plainly() -> Callable[[str], None]:
    """Into a file or a pipe: one line for each thing that takes time, without its counting."""
    told: set[str] = set()

    def tell(words: str) -> None:
        thing = words.partition(" (")[0]
        if thing not in told:
            told.add(thing)
            _console.print(f"{thing} …")

    return tell


def _watched_book(configuration: Configuration) -> Path | None:
    return configuration.data / "demo-book" if configuration.demo else None


def _announce(configuration: Configuration) -> None:
    if not configuration.demo:
        _console.print(f"Pages at [bold]{configuration.url}[/], mail at {configuration.host}:{configuration.smtp_port}")
        return
    from goodword.ops.demo.card import print_card, write_card

    print_card(write_card(), _console)


def _throw_away(configuration: Configuration) -> None:
    start_django()
    if not on_sqlite():
        bring_up_to_date()
        call_command("flush", interactive=False, verbosity=0)
    for name in _FOLDERS_OF_A_DEMO:
        shutil.rmtree(configuration.data / name, ignore_errors=True)
    for name in _OF_A_DEMO:
        (configuration.data / name).unlink(missing_ok=True)
