"""The parsing tables kept with the grammar belong to it."""

from goodword.engine.feel import prepared
from goodword.engine.feel.parse import _Builder


def test_the_tables_are_those_of_the_grammar() -> None:
    kept = prepared.TABLES.read_text(encoding="utf-8")
    grammar = prepared.GRAMMAR.read_text(encoding="utf-8")
    assert prepared._name(grammar) in kept, "run: python -m goodword.engine.feel.prepared"


def test_without_tables_the_grammar_itself_is_read(tmp_path, monkeypatch) -> None:
    quick = prepared.load(_Builder())
    monkeypatch.setattr(prepared, "TABLES", tmp_path / "none.json")
    slow = prepared.load(_Builder())
    for text in ("if a then b else c + 1", "some x in items satisfies x.price in [1..3]", "items[price > 200].sku"):
        assert quick.parse(text, start="expression") == slow.parse(text, start="expression")
    for text in ("-", "not(1, 2)", "[1..3], > limit"):
        assert quick.parse(text, start="unary_tests") == slow.parse(text, start="unary_tests")
