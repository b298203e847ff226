"""Models from strangers: what attacks is refused, what is wrong is told, and nothing crashes."""

import random
import time

import pytest

from goodword.engine import dmn

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m">'
AGE = '<inputData id="i" name="Applicant Age"><variable name="Applicant Age" typeRef="number"/></inputData>'


def literal(name: str, text: str, *needs: str, key: str = "") -> str:
    needed = "".join(
        f'<informationRequirement><requiredDecision href="#{other}"/></informationRequirement>' for other in needs
    )
    return (
        f'<decision id="{key or name}" name="{name}">{needed}'
        f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


def model(*parts: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{HEAD}{"".join(parts)}</definitions>'


def table(hit: str, *rules: str, outputs: str = "<output/>", inputs: str = "Applicant Age") -> str:
    column = f"<input><inputExpression><text>{inputs}</text></inputExpression></input>"
    made = f"<decisionTable {hit}>{column}{outputs}{''.join(rules)}</decisionTable>"
    return f'{AGE}<decision id="d" name="D">{made}</decision>'


def rule(test: str, *answers: str) -> str:
    cells = "".join(f"<outputEntry><text>{answer}</text></outputEntry>" for answer in answers)
    return f"<rule><inputEntry><text>{test}</text></inputEntry>{cells}</rule>"


BOMB = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{BOMB}{HEAD}&c;</definitions>", "line 1: a document type or an entity"),
        (f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}&x;</definitions>', "line 1: a document type"),
        (f'<!DOCTYPE d SYSTEM "http://elsewhere.example/d.dtd">{HEAD}</definitions>', "line 1: a document type"),
        (f'<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///x"> %p;]>{HEAD}</definitions>', "line 1: a document type"),
        (f"{HEAD}&nbsp;</definitions>", "line 1: this is not XML: undefined entity"),
        ("", "line 1: this is not XML: no element found"),
        ("<definitions>", "line 1: this is not XML: no element found"),
        ("<html/>", "this is no DMN model: it begins with `html`"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "this is not XML: unknown encoding"),
        ("<a>" * 200 + "</a>" * 200, "line 1: elements nested deeper than 100"),
        ("<a/>" + " " * 5_000_001, "larger than 5 MB"),
        (model(literal("D", "1 +")), "decision `D`: `1 +` ends too early"),
        (model(literal("D", "(" * 1000)), "decision `D`: nested deeper than 40 levels"),
        (model('<decision name="D"><context/></decision>'), "decision `D`: context: only tables and literal"),
        (model('<decision name="D"/>'), "decision `D`: no logic: only tables and literal"),
        (model(table('hitPolicy="GUESS"')), "decision `D`: `GUESS` is no hit policy"),
        (model(table("", rule("1", "1", "2"))), "decision `D`: a rule has 1 tests and 2 answers, not 1 and 1"),
    ],
)
def test_a_model_that_cannot_be_read_is_refused_with_a_message(text: str | bytes, message: str) -> None:
    with pytest.raises(dmn.ModelError) as raised:
        dmn.read_dmn(text)
    assert str(raised.value).startswith(message)


def test_decisions_that_need_each_other_are_told() -> None:
    circle = dmn.read_dmn(model(literal("A", "B", "B"), literal("B", "A", "A")))
    with pytest.raises(dmn.ModelError, match="decision `A` needs itself: A -> B -> A"):
        dmn.run(circle, "A", {})
    with pytest.raises(dmn.ModelError, match="no decision `C`"):
        dmn.run(circle, "C", {})
    chain = [literal(f"D{n}", f"D{n + 1}", f"D{n + 1}") for n in range(500)]
    with pytest.raises(dmn.ModelError, match="more than 100 decisions"):
        dmn.run(dmn.read_dmn(model(*chain, literal("D500", "1"))), "D0", {})


def test_one_decision_reads_another_by_its_long_name() -> None:
    read = dmn.read_dmn(model(literal("Twice a day", "2", key="t"), literal("E", "Twice a day * 3", "t")))
    assert dmn.run(read, "E", {}).value == 6


def test_knowledge_may_use_knowledge_but_not_without_end() -> None:
    logic = '<formalParameter name="n"/><literalExpression><text>{1}</text></literalExpression>'
    inside = f"<encapsulatedLogic>{logic}</encapsulatedLogic>"
    knowledge = f'<businessKnowledgeModel name="{{0}}">{inside}</businessKnowledgeModel>'
    parts = [knowledge.format("Add one", "n + 1"), knowledge.format("Add two", "Add one(Add one(n))")]
    assert dmn.run(dmn.read_dmn(model(*parts, literal("D", "Add two(5)"))), "D", {}).value == 7
    endless = dmn.run(dmn.read_dmn(model(knowledge.format("f", "f(n)"), literal("D", "f(1)"))), "D", {})
    assert endless.value is None
    assert any("is called 20 deep" in problem for problem in endless.problems)


@pytest.mark.parametrize(
    ("hit", "answer", "problem"),
    [
        ('hitPolicy="UNIQUE"', None, "`D`: 2 rules hold; hit policy U allows one only"),
        ('hitPolicy="ANY"', None, "`D`: 2 rules hold; hit policy A allows several only where they agree"),
        ('hitPolicy="FIRST"', 2, ""), ('hitPolicy="RULE ORDER"', [2, 1], ""), ('hitPolicy="COLLECT"', [2, 1], ""),
        ('hitPolicy="COLLECT" aggregation="SUM"', 3, ""), ('hitPolicy="COLLECT" aggregation="MAX"', 2, ""),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 2, ""),
    ],
)  # fmt: skip
def test_each_hit_policy_answers_as_dmn_says(hit: str, answer: object, problem: str) -> None:
    read = dmn.read_dmn(model(table(hit, rule("&lt; 5", "2"), rule("[1..3]", "1"), rule("9", "9"))))
    found = dmn.run(read, "D", {"Applicant Age": 2})
    assert (found.value, "".join(found.problems)) == (answer, problem)
    assert ("hit policy F" in "".join(read.warnings)) == ("FIRST" in hit)


def test_null_passes_only_a_dash_and_a_default_answers_when_no_rule_holds() -> None:
    output = "<output><defaultOutputEntry><text>0</text></defaultOutputEntry></output>"
    read = dmn.read_dmn(model(table("", rule("not(5)", "1"), outputs=output)))
    assert [dmn.run(read, "D", {"Applicant Age": age}).value for age in (None, 5, 6)] == [0, 0, 1]
    assert dmn.run(dmn.read_dmn(model(table("", rule("-", "1")))), "D", {}).value == 1


def test_no_damage_to_a_model_crashes_the_reader() -> None:
    whole = model(
        table('hitPolicy="PRIORITY"', rule("&lt; 5", "2"), rule("[1..3]", "1")), literal("E", "Applicant Age + 1")
    )
    pick, began = random.Random(5), time.monotonic()
    for _ in range(1500):
        damaged = bytearray(whole.encode())
        for _ in range(pick.randint(1, 6)):
            damaged[pick.randrange(len(damaged))] = pick.randrange(256)
        try:
            read = dmn.read_dmn(bytes(damaged))
            for name in read.decisions:
                dmn.run(read, name, {"Applicant Age": 2})
        except dmn.ModelError:
            continue
    assert time.monotonic() - began < 60
