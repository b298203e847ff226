"""The data folder holds customers' letters: nobody else on the machine looks into one that we make."""

from pathlib import Path

from goodword.ops.folder import write_desk_file


def test_a_new_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_desk_file(tmp_path / "desk", demo=False)
    assert (tmp_path / "desk").stat().st_mode & 0o077 == 0
