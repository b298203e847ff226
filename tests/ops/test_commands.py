"""The commands on a desk that is there: its book, its orders, its keys."""

import sqlite3
from pathlib import Path

import pytest

from goodword.ops.starter_book import starter_files
from tests.ops.conftest import NewDemo
from tests.ops.process import Desk, desk_in, run_command

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(new_demo: NewDemo) -> Desk:
    """A demo that does not run."""
    return new_demo()


def count(desk: Desk, table: str) -> int:
    """How many rows a table has."""
    with sqlite3.connect(desk.data / "goodword.sqlite3") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_the_book_goes_out_and_comes_back_without_loss(desk: Desk, tmp_path: Path) -> None:
    before = count(desk, "policies_publication")
    out = run_command(desk, "export-book", str(tmp_path / "book"))
    assert (out.returncode, out.stderr) == (0, "")
    assert {name: (tmp_path / "book" / name).read_text("utf-8") for name in starter_files()} == starter_files()
    back = run_command(desk, "import-book", str(tmp_path / "book"))
    assert (back.returncode, "In force: book" in back.stdout) == (0, True)
    assert count(desk, "policies_publication") == before


def test_a_book_with_a_mistake_is_not_published_and_the_line_is_named(desk: Desk, tmp_path: Path) -> None:
    run_command(desk, "export-book", str(tmp_path / "book"))
    facts = tmp_path / "book" / "parameters.yaml"
    facts.write_text(facts.read_text("utf-8").replace("value: 30,", "value: thirty,", 1), encoding="utf-8")
    line = next(n for n, text in enumerate(facts.read_text("utf-8").splitlines(), 1) if "thirty" in text)
    before = count(desk, "policies_publication")
    done = run_command(desk, "import-book", str(tmp_path / "book"))
    assert done.returncode == 1
    assert f"parameters.yaml:{line}: error" in done.stdout
    assert "the book in force stays as it was" in done.stdout
    assert count(desk, "policies_publication") == before


def test_a_folder_with_something_in_it_is_not_written_over(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = run_command(desk, "export-book", str(tmp_path))
    assert (done.returncode, "is not an empty folder" in done.stderr) == (1, True)


def test_orders_are_tried_then_stored_and_a_wrong_line_is_named(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "order,bought_on,email,name,country,currency,sku,price\n"
        "20001,2026-11-01,new@customer.example,New Customer,DK,DKK,LAMP-1,499.00\n"
    )
    before = count(desk, "orders_purchase")
    tried = run_command(desk, "import-orders", str(file), "--dry-run")
    assert (tried.returncode, count(desk, "orders_purchase")) == (0, before), tried.stdout + tried.stderr
    stored = run_command(desk, "import-orders", str(file))
    assert (stored.returncode, count(desk, "orders_purchase")) == (0, before + 1), stored.stdout + stored.stderr
    file.write_text(file.read_text().replace("2026-11-01", "yesterday").replace("20001", "20002"))
    wrong = run_command(desk, "import-orders", str(file))
    assert (wrong.returncode, count(desk, "orders_purchase")) == (1, before + 1)
    assert "2" in wrong.stdout
    assert "1 refused" in wrong.stdout


def test_a_key_is_shown_this_once_and_an_unknown_agent_is_told(desk: Desk) -> None:
    made = run_command(desk, "api-key", "Report", "--agent", "ida@nordhvile.example")
    assert (made.returncode, len(made.stdout.strip()) > 20) == (0, True)
    unknown = run_command(desk, "api-key", "Report", "--agent", "nobody@nordhvile.example")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("goodword: ")


def test_a_real_desk_is_never_thrown_away_for_a_demo(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "desk")
    run_command(
        desk, "new", str(desk.data), "--name", "Acme", "--languages", "en", "--mailbox", "hi@acme.example",
        "--manager-name", "Ann", "--manager-email", "ann@acme.example", "--manager-password", "a long enough word",
    )  # fmt: skip
    done = run_command(desk, "demo", "--fresh")
    assert (done.returncode, "holds a real desk, not a demo" in done.stderr) == (2, True)
    assert (desk.data / "goodword.sqlite3").exists()
