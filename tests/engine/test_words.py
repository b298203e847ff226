"""Words: values in a language's own form, say blocks, explanations, the first guess, and pages."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from string import Formatter
from typing import Any

import pytest

from goodword import engine
from goodword.engine.languages import languages, phrases
from goodword.engine.languages.shape import Phrases
from goodword.engine.words import format_kind
from tests.engine.example import changed, example_book, small_book, table

DAY = date(2026, 12, 15)
REFUSED: dict[str, Any] = {"category": "hygiene", "opened": True, "faulty": False, "days_since_delivery": 12}
LATE: dict[str, Any] = {
    "category": "general", "faulty": False, "price": 49900,
    "delivered_on": date(2026, 11, 1), "requested_on": date(2026, 12, 5),
}  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("name", "value", "english", "danish"),
    [
        ("price", 49900, "DKK 499.00", "499,00 kr."),
        ("price", engine.Money(49900, "EUR"), "€499.00", "499,00 €"),
        ("delivered_on", date(2026, 12, 24), "24 December 2026", "24. december 2026"),
        ("opened", False, "no", "nej"),
        ("category", "hygiene", "Hygiene goods", "Hygiejnevarer"),
        ("days_since_delivery", 1234, "1,234", "1.234"),
        ("do", ("refund",), "Refund", "Tilbagebetaling"),
        ("authority", "manager", "manager", "manager"),
        ("agent_limit", 500000, "DKK 5,000.00", "5.000,00 kr."),
        ("order_number", "A-17", "A-17", "A-17"),
        ("reply_by", datetime(2026, 12, 24, 9, 30, tzinfo=UTC), "24 December 2026, 10:30", "24. december 2026, 10.30"),
        ("nothing", None, "", ""),
    ],
)
def test_values_are_written_in_the_languages_own_form(name: str, value: Any, english: str, danish: str) -> None:
    book = example_book()
    assert plain(engine.format_value(book, name, value, "en")) == english
    assert plain(engine.format_value(book, name, value, "da")) == danish


def test_durations_and_fractions_have_words_too() -> None:
    assert format_kind("duration", timedelta(hours=4), "da") == "4 timer"
    assert format_kind("percent", Decimal("12.5"), "da") == "12,5"
    assert format_kind("date", "2026-12-24", "en") == "24 December 2026"


def test_a_say_block_is_filled_from_values_and_from_the_parameters_of_the_day() -> None:
    book = example_book()
    filled = engine.say(book, "returns", "in-time", "da", {"refund_amount": 49900}, DAY)
    assert plain(filled) == "Of course you may send it back. You get 499,00 kr. back."
    late = "The {} days are over. I can give you a voucher instead."
    assert engine.say(book, "returns", "late", "en", {}, date(2026, 11, 30)) == late.format(14)
    assert engine.say(book, "returns", "late", "en", {}, DAY) == late.format(30)


def test_a_say_block_without_its_values_says_which() -> None:
    with pytest.raises(engine.MissingWords) as raised:
        engine.say(example_book(), "returns", "in-time", "en", {}, DAY)
    assert raised.value.names == ["refund_amount"]
    assert str(raised.value) == "returns.md:65: say block `in-time`: no value for refund_amount"


def test_an_unknown_say_block_is_told_with_what_was_meant() -> None:
    with pytest.raises(engine.NotFound, match=r"has no say block `in-tim`: did you mean `in-time`\?"):
        engine.say(example_book(), "returns", "in-tim", "en", {}, DAY)


def test_the_agent_is_told_clause_rule_conditions_and_who_may_decide() -> None:
    book = example_book()
    told = engine.explain(engine.decide(book, "returns", LATE, DAY), book, "en", to="agent")
    assert told.summary == "No: Too late. What we can do instead: A voucher. Who may grant it: agent."
    assert told.reasons == [
        "“Within the window”, rule 3. Days since delivery: 34 (above 30, “Days to change your mind”).",
        "“Who may say yes”, rule 1. Outcome: No.",
    ]
    assert told.boundary == "Days since delivery: up to 30 the answer would have been “Yes”; here it is 34."
    assert told.clause_titles == ["Within the window", "Who may say yes"]


def test_the_same_is_told_in_danish() -> None:
    book = example_book()
    told = engine.explain(engine.decide(book, "returns", LATE, DAY), book, "da", to="agent")
    assert told.summary == "Nej: For sent. Det kan vi gøre i stedet: Et gavekort. Kan bevilges af: agent."
    assert told.reasons[0] == (
        "“Within the window”, regel 3. Dage siden levering: 34 (over 30, “Fortrydelsesfrist i dage”)."
    )
    assert told.boundary == "Dage siden levering: til og med 30 ville svaret have været “Ja”; her er det 34."


def test_an_exception_says_what_it_overrides() -> None:
    book = example_book()
    decision = engine.decide(book, "returns", {**REFUSED, "days_since_delivery": 100}, DAY)
    told = engine.explain(decision, book, "en", to="agent")
    assert told.reasons[0].endswith("As an exception it overrides “Within the window” 3.")


def test_the_customer_is_told_no_staff_clause_and_only_boundaries_that_records_verify() -> None:
    book = example_book()
    told = engine.explain(engine.decide(book, "returns", LATE, DAY), book, "en", to="customer")
    assert told.summary == (
        "We are sorry, this is not possible. The reason: Too late. What we can do instead: A voucher."
    )
    assert told.reasons == ["Days since delivery: 34 (above 30, “Days to change your mind”)."]
    assert told.clause_titles == ["Within the window"]
    assert told.boundary is not None
    outputs = "outcome: {type: choice, values: [allow, refuse]}"
    rows = ("1 | <= 3 | | allow", "2 | > 3 | | refuse")
    asked = small_book("people: {type: number}", outputs, table("U | people | => | outcome", *rows))
    decision = engine.decide(asked, "p", {"people": 4}, DAY)
    assert engine.explain(decision, asked, "en", to="customer").boundary is None
    assert engine.explain(decision, asked, "en", to="agent").boundary is not None


def test_a_question_is_told_to_both() -> None:
    book = example_book()
    decision = engine.decide(book, "returns", {"category": "hygiene", "faulty": False}, DAY)
    agent, customer = (engine.explain(decision, book, "en", to=to).summary for to in ("agent", "customer"))
    assert agent == "One thing is to be asked: Has it been opened? Still open: Delivered on and Asked on."
    assert customer == "To be able to answer, we need to know one thing: Has it been opened?"


def test_a_gap_is_told_honestly() -> None:
    book = example_book()
    decision = engine.decide(book, "returns", {**REFUSED, "days_since_delivery": 9999}, DAY)
    assert engine.explain(decision, book, "en", to="agent").summary == (
        "The policy “Returns” has no rule for this situation. Decide as well as you can, and tell its owner."
    )


def test_a_stored_decision_explains_itself_as_the_fresh_one_does() -> None:
    book = example_book()
    decision = engine.decide(book, "returns", LATE, DAY)
    stored = engine.Decision.from_json(decision.to_json())
    assert engine.explain(stored, book, "da", to="agent") == engine.explain(decision, book, "da", to="agent")


def test_a_decision_without_an_outcome_tells_its_outputs() -> None:
    outputs = "reply: {type: hours, label: {en: Answer within}}"
    book = small_book("urgent: {type: yes/no}", outputs, table("U | urgent | => | reply", "1 | - | | 4"))
    assert engine.explain(engine.decide(book, "p", {}, DAY), book, "en", to="agent").summary == "Answer within: 4."


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_with_the_same_fields(language: str) -> None:
    def placeholders(template: Any) -> Any:
        if isinstance(template, str):
            return {name for _, name, _, _ in Formatter().parse(template) if name}
        return {key: placeholders(text) for key, text in template.items()}

    theirs, english = phrases(language), phrases("en")
    for name in (field.name for field in fields(Phrases) if field.name != "language"):
        assert placeholders(getattr(theirs, name)) == placeholders(getattr(english, name)), name


def test_a_language_without_sentences_of_its_own_is_told_in_english() -> None:
    assert phrases("fi") is phrases("en")


def test_a_message_is_guessed_by_the_words_each_policy_is_recognised_by() -> None:
    book = example_book()
    assert engine.guess_policy(book, "May I SEND  back the lamp? I want to return it.", "en") == [("returns", 5)]
    assert engine.guess_policy(book, "Jeg vil gerne returnere den", "da") == [("returns", 1)]
    assert engine.guess_policy(book, "Where is my order?", "en") == []


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("May I send back the lamp", 4),
        ("May I send the lamp back", 3),
        ("May I send the big green lamp back", 0),
        ("I send it. Come back", 0),
        ("Please send\nit back", 3),
        ("I send the lamp backwards", 0),
        ("Resend it back", 0),
        ("The back I send", 0),
    ],
)
def test_a_phrase_is_recognised_though_up_to_three_words_of_the_clause_stand_between(text: str, score: int) -> None:
    returns = [score for code, score in engine.guess_policy(example_book(), text, "en") if code == "returns"]
    assert sum(returns) == score


def test_the_public_page_shows_prose_with_values_and_nothing_of_the_staff() -> None:
    page = example_book().policies["returns"].html("en", DAY)
    assert "You may send back what you bought within 30 days." in page
    assert '<section id="faults">' in page
    assert '<a href="#faults">faulty</a>' in page
    for hidden in ("<table", "Who may say yes", "The money is on its way", "<!--", "{{"):
        assert hidden not in page


def test_staff_see_tables_and_words_too() -> None:
    page = example_book().policies["returns"].html("da", DAY, audience="staff", anchors=False)
    assert '<th scope="col">Varetype</th>' in page
    assert "<code>&lt;= return_window</code>" in page
    assert "The money is on its way" in page
    assert "id=" not in page


def test_what_an_author_writes_cannot_become_markup() -> None:
    files = changed(
        "returns.md", "What arrives faulty", "What <script>alert(1)</script> [arrives](javascript:x) faulty"
    )
    page = engine.parse_book(files).policies["returns"].clauses["faults"].html("en", DAY)
    assert "<script" not in page
    assert "href" not in page


def test_a_clause_gives_its_parts() -> None:
    policy = example_book().policies["returns"]
    window, steps = policy.clauses["window"], policy.clauses["steps"]
    assert (window.anchor, window.kind, window.disclose) == ("returns#window", "rule", ("before-purchase", "receipt"))
    assert (steps.kind, steps.steps("en")) == ("procedure", ["Look up the order.", "Send the label."])
    assert (policy.title("da"), policy.title("fi"), policy.recognise("da")) == (
        "Returnering", "Returns", ("retur", "sende tilbage"),
    )  # fmt: skip
    assert "|" not in window.markdown("en")


def test_the_book_names_things_in_each_language() -> None:
    book = example_book()
    assert book.label("value", "outcome.refuse", "da") == "Nej"
    assert book.label("action", "refund", "da") == "Tilbagebetaling"
    assert book.label("department", "finance", "da") == "Økonomi"
    assert book.question("opened", "da") == "Er den åbnet?"
    assert book.question("outcome", "da") == "Udfald"
    with pytest.raises(engine.NotFound, match=r"no fact `open`: did you mean `opened`\?"):
        book.label("fact", "open", "en")
