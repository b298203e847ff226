"""The command line: what people read, what programs read, and what it never imports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from goodword import cli
from tests.engine.example import changed, example_files

FACTS = {"category": "general", "faulty": False, "price": 49900, "days_since_delivery": 34}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example book, as files."""
    return written(tmp_path / "book", example_files())


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def facts(tmp_path: Path) -> str:
    """A file of facts."""
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    return str(path)


def test_a_sound_book_is_told_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == "Nothing to mend.\n"


def test_findings_are_told_with_place_and_hint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, changed("returns.md", "| U | faulty |", "| U | fautly |"))
    assert cli.main(["check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "returns.md:42: error: unknown fact `fautly`\n    did you mean `faulty`?\n" in told
    assert told.endswith("1 error, no warnings\n")


def test_findings_can_be_read_by_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, changed("returns.md", "review_by: 2099-12-31", "review_by: 2020-01-01"))
    assert cli.main(["check", str(folder), "--json", "--on", "2026-12-01"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["errors"], report["warnings"]) == (0, 1)
    assert report["findings"][0]["code"] == "review"


def test_a_folder_that_is_no_book_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(tmp_path)]) == 1
    assert "this is no book: there is no book.yaml" in capsys.readouterr().out


def test_a_decision_is_told_in_words(folder: Path, facts: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["decide", str(folder), "returns", "--facts", facts, "--on", "2026-12-15"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("No: Too late. What we can do instead: A voucher.")
    assert "returns#window:3  returns.md:26" in told


@pytest.mark.parametrize("command", ["decide", "ask"])
def test_a_language_that_the_book_lacks_is_told(
    command: str, folder: Path, facts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main([command, str(folder), "returns", "--facts", facts, "--on", "2026-12-15", "--language", "xx"])
    told = capsys.readouterr()
    assert (code, told.out, told.err) == (1, "", "the book is not written in `xx`; it has en, da\n")


def test_a_command_that_does_not_exist_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["chek", "book"]) == 2
    assert capsys.readouterr().err == "goodword: there is no command `chek`: did you mean `check`?\n"


def test_a_decision_is_told_in_the_language_asked_for(
    folder: Path, facts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["decide", str(folder), "returns", "--facts", facts, "--on", "2026-12-15", "--language", "da"])
    assert capsys.readouterr().out.startswith("Nej: For sent.")


def test_a_decision_can_be_read_by_programs(folder: Path, facts: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["decide", str(folder), "returns", "--facts", facts, "--on", "2026-12-15", "--json"])
    decision = json.loads(capsys.readouterr().out)
    assert (decision["outcome"], decision["clauses"]) == ("refuse", ["returns#window", "returns#authority"])
    assert decision["explanation"]["summary"].startswith("We are sorry")


def test_the_next_question_is_asked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO('{"category": "hygiene", "faulty": false}'))
    assert cli.main(["ask", str(folder), "returns", "--facts", "-", "--on", "2026-12-15"]) == 0
    assert capsys.readouterr().out == "opened: Has it been opened?\n"


def test_nothing_is_asked_when_everything_is_decided(
    folder: Path, facts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", str(folder), "returns", "--facts", facts, "--on", "2026-12-15"]) == 0
    assert cli.main(["ask", str(folder), "returns", "--facts", facts, "--on", "2026-12-15", "--json"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("decided\n")
    assert json.loads(told.removeprefix("decided\n"))["question"] is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ('{"categori": 1}', "unknown fact `categori`: did you mean `category`?"),
        ('{"category": "general", "days_since_delivery": 5000, "faulty": false}', ""),
    ],
)
def test_what_cannot_be_decided_ends_with_exit_code_1(
    folder: Path, tmp_path: Path, content: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    assert cli.main(["decide", str(folder), "returns", "--facts", str(tmp_path / "bad.json")]) == 1
    assert message in capsys.readouterr().err


def test_a_missing_file_is_told_to_people_and_to_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", str(folder), "returns", "--facts", "/nowhere.json"]) == 1
    assert "cannot read /nowhere.json" in capsys.readouterr().err
    assert cli.main(["ask", str(folder), "returns", "--facts", "/nowhere.json", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"error": "cannot read /nowhere.json: No such file or directory"}


@pytest.mark.parametrize("arguments", [["decide"], ["check"], ["decide", "b", "p", "--facts", "f", "--on", "soon"]])
def test_a_command_that_is_not_understood_ends_with_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    told = capsys.readouterr().out
    assert all(f"goodword {name}" in told for name in ("check", "decide", "ask", "run", "new"))
    assert cli.main(["--version"]) == 0


@pytest.mark.parametrize("command", ["check", "decide", "ask"])
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert "Exit codes: 0" in capsys.readouterr().out


def test_the_engine_and_its_commands_never_import_django(folder: Path, facts: str) -> None:
    script = (
        "import sys\n"
        "from goodword import cli\n"
        f"assert cli.main(['check', {str(folder)!r}, '--json']) == 0\n"
        f"cli.main(['decide', {str(folder)!r}, 'returns', '--facts', {facts!r}])\n"
        "import goodword.engine.publish, goodword.engine.hours\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'], file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"


def test_the_module_is_the_command(folder: Path) -> None:
    ran = subprocess.run([sys.executable, "-m", "goodword", "check", str(folder)], capture_output=True, check=False)
    assert ran.returncode == 0
