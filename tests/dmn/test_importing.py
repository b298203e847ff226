"""A DMN model as the draft of a book: it decides the same, and what does not fit is listed."""

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import cli, engine
from goodword.engine.dmn import read_dmn, run
from goodword.engine.dmn.importing import book_from_dmn
from goodword.engine.dmn.model import Model, Table
from goodword.engine.dmn.writing import write_dmn
from tests.dmn.test_kit import MODELS, agree, without_kit
from tests.dmn.test_writing import DAY, by_the_book, deciding, situations, starter

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="Shop" namespace="x">'


@pytest.mark.parametrize("policy", deciding())
def test_a_policy_exported_and_imported_decides_the_same(policy: str) -> None:
    book = starter()
    made = engine.parse_book(book_from_dmn(read_dmn(write_dmn(book, DAY, policy).xml)).files)
    differing: list[Any] = []
    for facts in situations(book, 300, seed=3):
        for name, table in book.policies[policy].decisions.items():
            code = f"{policy}-{name}".replace("/", "-").replace("_", "-")
            if code not in made.policies or table.hit == "C" or set(table.columns) & set(book.outputs):
                continue
            known = {fact: value for fact, value in facts.items() if fact in made.facts}
            found = engine.decide(made, f"{code}/outcome", known, DAY)
            names = list(table.outputs)
            said = {n: found.outputs.get(n, found.outputs.get(f"{code}_{n}".replace("-", "_"))) for n in names}
            if len(names) == 1:
                said = {names[0]: next(iter(found.outputs.values()), None)}
            plain = {n: list(value) if isinstance(value, tuple) else value for n, value in said.items()}
            if plain != by_the_book(book, policy, name, facts):
                differing.append((name, facts, plain))
    assert differing[:1] == []


@without_kit
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_model_of_the_kit_is_read_or_told_why_not(path: Path) -> None:
    """Its tables become policies that decide as the model does; each decision that did not fit is named."""
    model = read_dmn(path.read_bytes())
    made = book_from_dmn(model)
    book = engine.parse_book(made.files)
    told = "\n".join(made.left_out)
    for name, decision in model.decisions.items():
        code = next((code for code, one in book.policies.items() if one.title("en") == name), "")
        kept = code or model.word(name) in {**book.facts, **book.parameters}
        assert kept or f"`{name}`" in told, (name, told)
        if code and isinstance(decision.body, Table) and decision.body.hit in "UAPF" and not decision.needs:
            compare(model, name, book, code)


def compare(model: Model, name: str, book: engine.Book, code: str) -> None:
    """Random facts, decided by the model and by the book."""
    pick = random.Random(5)
    for _ in range(60):
        facts = {one: some(fact, pick) for one, fact in book.facts.items() if fact.formula is None}
        wanted = run(
            model, name, {**facts, **{long: facts[word] for long, word in model.words.items() if word in facts}}
        )
        found = engine.decide(book, code, facts, DAY)
        if found.status == "decided" and wanted.value is not None:
            said = dict(found.outputs)
            expected = wanted.value if isinstance(wanted.value, dict) else {next(iter(said)): wanted.value}
            assert agree(list(said.values()), [value for value in expected.values() if value is not None])


def some(fact: Any, pick: random.Random) -> Any:
    """A value of a fact's kind."""
    if fact.values:
        return pick.choice(list(fact.values))
    plain = {"yes/no": pick.random() < 0.5, "number": pick.randint(0, 700), "date": date(2026, pick.randint(1, 12), 3)}
    return plain.get(fact.kind, "word")


def model_of(body: str) -> Model:
    """A model with one input `age` and one decision `Fee`."""
    return read_dmn(
        f'{HEAD}<inputData id="i" name="age"><variable name="age" typeRef="number"/></inputData>'
        f'<decision id="d" name="Fee"><variable name="Fee" typeRef="number"/>{body}</decision></definitions>'
    )


def rules(hit: str, *pairs: tuple[str, str], extra: str = "") -> str:
    """A table over `age`."""
    said = "".join(
        f"<rule><inputEntry><text>{test}</text></inputEntry><outputEntry><text>{answer}</text></outputEntry></rule>"
        for test, answer in pairs
    )
    return (
        f'<decisionTable hitPolicy="{hit}" {extra}><input><inputExpression><text>age</text></inputExpression></input>'
        f'<output name="Fee"/>{said}</decisionTable>'
    )


def test_a_table_whose_order_decides_becomes_exceptions() -> None:
    made = book_from_dmn(model_of(rules("FIRST", ("&gt;= 65", "5"), ("&gt;= 18", "10"), ("-", "0"))))
    assert "| U | age | => | Fee |" in made.files["fee.md"]
    assert any("they are exceptions now, the answers equal" in words for words in made.left_out)
    book = engine.parse_book(made.files)
    assert [engine.decide(book, "fee", {"age": age}, DAY).outputs["Fee"] for age in (70, 30, 3)] == [5, 10, 0]


def test_sums_and_output_order_are_named_not_lost() -> None:
    made = book_from_dmn(model_of(rules("COLLECT", ("&gt; 1", "5"), extra='aggregation="SUM"')))
    assert "fee.md" not in made.files
    assert any("decision `Fee`: SUM gives lists or sums" in words for words in made.left_out)


def test_constants_become_parameters_and_expressions_derived_facts() -> None:
    model = read_dmn(
        f'{HEAD}<inputData id="i" name="Monthly Pay"><variable name="Monthly Pay" typeRef="number"/></inputData>'
        '<decision id="a" name="limit"><literalExpression><text>30</text></literalExpression></decision>'
        '<decision id="b" name="Yearly Pay">'
        "<literalExpression><text>Monthly Pay * 12</text></literalExpression></decision>"
        "</definitions>"
    )
    book = engine.parse_book(book_from_dmn(model, "da", "DKK").files)
    assert (book.languages, book.currency) == (("da",), "DKK")
    assert book.parameter("limit", DAY) == 30
    assert book.facts["Yearly_Pay"].formula_text == "Monthly_Pay * 12"
    assert book.facts["Yearly_Pay"].label("da") == "Yearly Pay"


def test_the_command_makes_a_folder_and_lists_what_did_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.dmn").write_bytes(write_dmn(starter(), DAY, "returns").xml)
    asked = ["import-dmn", str(tmp_path / "m.dmn"), str(tmp_path / "book")]
    assert cli.main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == sorted(path.name for path in (tmp_path / "book").iterdir())
    assert any("DMN holds none" in words for words in told["left_out"])
    assert cli.main(asked) == 1
    assert "is not empty; name another folder, nothing was written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<a>", "this is not XML"),
        ("<a/>", "this is no DMN model"),
        ('<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>', "a document type or an entity"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "a document type or an entity"),
    ],
)
def test_what_is_no_model_is_told_and_nothing_written(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.dmn").write_text(text, encoding="utf-8")
    assert cli.main(["import-dmn", str(tmp_path / "m.dmn"), str(tmp_path / "book")]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "book").exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import-dmn", str(tmp_path / "none.dmn"), str(tmp_path / "book")]) == 1
    assert "cannot read" in capsys.readouterr().err
