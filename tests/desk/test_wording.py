"""The book's words, filled in: for everything the starter book can decide, in every language."""

from datetime import date

from goodword import engine
from goodword.desk.actions.matters import add_matter, open_matters, state_fact
from goodword.desk.queries.advice import GAP, advice_for, words_about
from goodword.engine.cases import read_cases
from goodword.engine.findings import Notes
from goodword.policies.queries import current_book
from tests.desk.cases import plain_yes, returned
from tests.world import World


def test_every_decision_of_the_books_own_cases_has_words_in_every_language(world: World) -> None:
    book = current_book()
    plain_yes(world)  # a refund is under way, for those who ask where it is
    (matter,) = open_matters(world.write(world.freja, "Ordre 10452"))
    told, silent = 0, []
    for case in read_cases(book, Notes()):
        matter.policy = case.policy
        decision = engine.decide(book, case.policy, case.facts, case.days)
        if decision.status == "decided" and decision.outputs.get("reason"):
            words = {language: words_about(matter, world.ida, decision, language) for language in book.languages}
            told += 1
            silent += [(case.says, language) for language, text in words.items() if not text or "{{" in text]
    assert told > 40
    assert silent == []


def test_whoever_asks_for_her_refund_is_told_the_day_it_was_promised_for(world: World) -> None:
    plain_yes(world)
    message = world.write(world.freja, "Hvor er mine penge for ordre 10452?")
    matter = add_matter(message.conversation, by=world.ida, policy="refunds", line=world.line("10452"))
    state_fact(matter, "refund_state", "in-time", by=world.ida)
    assert "7. december 2026" in advice_for(matter, world.ida).words


def test_an_order_in_a_currency_without_limits_is_a_gap_that_says_so(world: World) -> None:
    purchase = world.purchases["10452"]
    purchase.currency = "SEK"
    purchase.save()
    advice = advice_for(returned(world, "10452", faulty=False), world.ida)
    assert advice.status == GAP
    assert "SEK" in advice.reasons[0]


def test_words_are_read_in_the_book_that_governs_the_case(world: World) -> None:
    decision = plain_yes(world)
    assert decision.trace["days"]["purchase"] == date(2026, 10, 30).isoformat()
    assert "30 days" in decision.draft_offered
