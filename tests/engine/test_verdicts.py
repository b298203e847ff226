"""What a proof asks of a set of rows is what deciding says of it, for every hit policy and every set."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.engine.compiled import bits
from goodword.engine.verdicts import Verdicts
from tests.engine.example import small_book, table

FACTS = "open: {type: yes/no}"
OUTPUTS = (
    "outcome: {type: choice, values: [refuse, approve, allow]}, tags: {type: list, of: text}, "
    "note: {type: text, annotation: yes}"
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from("UAPCF"),
    st.lists(
        st.tuples(st.sampled_from(["", "refuse", "approve", "allow"]), st.sampled_from(['"a"', '"b"'])),
        min_size=2,
        max_size=6,
    ),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_verdicts_agree_with_answers(hit: str, rows: list[tuple[str, str]], nested: list[bool]) -> None:
    lines, parent = [], 0
    for (outcome, note), is_exception in zip(rows, nested, strict=False):
        if is_exception and parent:
            lines.append(f"{parent}.{len(lines)} | - |  | {outcome} | {note}")
        else:
            parent += 1
            lines.append(f"{parent} | - |  | {outcome} | {note}")
    book = small_book(FACTS, OUTPUTS, table(f"{hit} | open | => | outcome | note", *lines))
    compiled = book.compiled("p", "outcome", date(2026, 1, 1), "EUR")
    verdicts = Verdicts(compiled)
    for mask in range(compiled.full + 1):
        answer = compiled.answer(mask)
        assert verdicts.is_clash(mask) == answer.clash
        assert verdicts.is_gap(mask) == (answer.outputs is None and not answer.clash)
        wanted = answer.rows[:1] if hit == "F" else answer.rows
        assert tuple(bits(verdicts.deciding(mask))) == wanted
