"""docs/explaining.md is what docs/ten_decisions.py prints."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_ten_decisions_is_up_to_date() -> None:
    made = runpy.run_path(str(DOCS / "ten_decisions.py"))
    assert (DOCS / "explaining.md").read_text(encoding="utf-8") == made["page"]()
    assert len(made["DECISIONS"]) == 10
