"""However a book is damaged, `check` says something and never falls over."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword import engine
from tests.engine.example import TODAY, example_files

FILES = example_files()
SCRAPS = (
    "",
    "|",
    "\n",
    " ",
    ":",
    "-",
    "[",
    "]",
    "{",
    "}",
    '"',
    "#",
    "<!--",
    "-->",
    "null",
    "yes",
    "1.1",
    "=>",
    "\t",
    "&a ",
    "*a",
    ">",
    "é",
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_book_is_checked_without_an_exception(data: st.DataObject) -> None:
    files = dict(FILES)
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(sorted(files)))
        text = files[name]
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        files[name] = text[:start] + data.draw(st.sampled_from(SCRAPS)) + text[end:]
    for finding in engine.check(files, TODAY):
        assert finding.file in files
        assert 1 <= finding.line <= files[finding.file].count("\n") + 2


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_book_with_lines_left_out_is_checked_without_an_exception(name: str, data: st.DataObject) -> None:
    lines = FILES[name].split("\n")
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=5))
    text = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    engine.check({**FILES, name: text}, TODAY)
