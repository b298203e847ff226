"""Every variable: its default, its meaning, and the sentence for nonsense."""

from pathlib import Path

import pytest

from goodword.lib.configuration import KNOWN, ConfigurationError, read_configuration


def test_nothing_need_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_configuration({})
    assert (found.data, found.port, found.smtp_port, found.host) == (tmp_path / "var", 8000, 2525, "127.0.0.1")
    assert (found.url, found.mail_limit_bytes, found.demo) == ("http://127.0.0.1:8000", 52428800, False)
    assert found.database["NAME"] == tmp_path / "var" / "goodword.sqlite3"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("GOODWORD_PORT", "eighty", "GOODWORD_PORT is 'eighty'; it must be a port"),
        ("GOODWORD_PORT", "0", "a whole number from 1 to 65535"),
        ("GOODWORD_PORT", "65536", "a whole number from 1 to 65535"),
        ("GOODWORD_PORT", "", "it must be a port"),
        ("GOODWORD_SMTP_PORT", "-25", "GOODWORD_SMTP_PORT is '-25'; it must be a port"),
        ("GOODWORD_URL", "desk.example.com", "it must be like https://desk.example.com"),
        ("GOODWORD_URL", "ftp://desk.example.com", "it must be like https://desk.example.com"),
        ("GOODWORD_DATABASE", "mysql://somewhere/desk", "must be like postgresql://"),
        ("GOODWORD_DATABASE", "postgresql://somewhere", "must be like postgresql://"),
        ("GOODWORD_SMTP_OUT", "mail.example.com", "it must be like smtp://user:password@mail.example.com:587"),
        ("GOODWORD_MAIL_LIMIT", "50 MB", "it must be bytes"),
        ("GOODWORD_MAIL_LIMIT", "1000", "65536 at least"),
        ("GOODWORD_COLOUR", "blue", "there is no such variable"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    variable: str, value: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_configuration({variable: value})
    said = capsys.readouterr().err
    assert refused.value.code == 2
    assert said.startswith("goodword: ")
    assert sentence in said
    assert said.count("\n") == 1


def test_a_demo_listens_on_this_machine_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "desk.toml").write_text("demo = true\n")
    with pytest.raises(ConfigurationError):
        read_configuration({"GOODWORD_DATA": str(tmp_path), "GOODWORD_HOST": "0.0.0.0"})
    assert "opens doors without passwords" in capsys.readouterr().err
    assert read_configuration({"GOODWORD_DATA": str(tmp_path)}).demo


def test_a_broken_desk_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "desk.toml").write_text("demo = \n")
    with pytest.raises(ConfigurationError):
        read_configuration({"GOODWORD_DATA": str(tmp_path)})
    assert str(tmp_path / "desk.toml") in capsys.readouterr().err


def test_the_secret_key_of_the_data_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text('secret_key = "of this desk"\n')
    assert read_configuration({"GOODWORD_DATA": str(tmp_path)}).secret_key == "of this desk"


def test_a_database_address_is_taken_apart() -> None:
    found = read_configuration({"GOODWORD_DATABASE": "postgresql://desk:p%40ss@db.example:5433/goodword"}).database
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("desk", "p@ss", "db.example", "5433")
    assert found["OPTIONS"]["pool"]
    assert "CONN_MAX_AGE" not in found


def test_every_known_variable_is_explained() -> None:
    assert all(meaning.strip() for meaning in KNOWN.values())
