"""What the book advises on a matter, as an agent sees it."""

from datetime import date

from goodword.desk.actions.matters import add_matter, open_matters, state_fact
from goodword.desk.queries.advice import ASK, DECIDED, GAP, NONE, advice_for
from goodword.orders.models import Purchase
from tests.desk.cases import returned
from tests.world import World


def test_one_question_is_asked_with_its_choices_in_both_languages(world: World) -> None:
    advice = advice_for(returned(world, "10460", faulty=False), world.ida)
    assert advice.status == ASK
    assert advice.question is not None
    assert advice.question.fact == "opened"
    assert advice.question.questions["en"] == "Has the sealed bag been opened?"
    assert advice.question.questions["da"] == "Er den forseglede pose åbnet?"


def test_the_answer_to_the_question_decides_at_once(world: World) -> None:
    advice = advice_for(returned(world, "10460", faulty=False, opened=False), world.ida)
    assert (advice.status, advice.outcome, advice.outputs["reason"]) == (DECIDED, "allow", "sealed")


def test_a_plain_yes_names_clause_authority_and_actions_with_their_days(world: World) -> None:
    advice = advice_for(returned(world, "10452", faulty=False), world.ida)
    assert (advice.outcome, advice.authority, advice.may) == ("allow", "agent", True)
    assert advice.clauses[0].anchor == "returns#ordinary"
    assert advice.clauses[0].title == "Ordinary goods and furniture"
    assert [(action.kind, action.due_on, action.amount_cents) for action in advice.actions] == [
        ("return-label", date(2026, 11, 17), None),
        ("goods-received", date(2026, 11, 30), None),
        ("refund", date(2026, 12, 7), 49900),
    ]


def test_the_boundary_says_until_when_the_answer_would_be_the_same(world: World) -> None:
    advice = advice_for(returned(world, "10452", faulty=False), world.ida)
    assert "30" in advice.boundary or "31" in advice.boundary
    assert "13" in advice.boundary


def test_the_words_stand_in_the_customers_language_beside_the_agents(world: World) -> None:
    message = world.write(world.freja, "Jeg vil gerne returnere lampen, ordre 10452.")
    (matter,) = open_matters(message)
    state_fact(matter, "faulty", False, by=world.ida)
    advice = advice_for(matter, world.ida)
    assert advice.words.startswith("Du vil gerne returnere Bordlampe Måne")
    assert advice.words_for_agent.startswith("You would like to send back your Moon table lamp")
    assert "499,00\xa0kr." in advice.words
    assert "7. december 2026" in advice.words


def test_a_refusal_offers_what_can_be_done_instead(world: World) -> None:
    advice = advice_for(returned(world, "10460", faulty=False, opened=True), world.ida)
    assert (advice.outcome, advice.alternative, advice.alternative_action) == (
        "refuse", "discount-voucher", "discount-voucher",
    )  # fmt: skip
    assert advice.alternative_label == "A discount voucher"
    assert "voucher of 20 per cent" in advice.words  # she has bought three times this year


def test_an_amount_beyond_her_authority_is_somebody_elses_to_grant(world: World) -> None:
    matter = returned(world, "10471", faulty=False)
    assert (advice_for(matter, world.ida).authority, advice_for(matter, world.ida).may) == ("manager", False)
    assert advice_for(matter, world.theo).may is False
    assert advice_for(matter, world.mette).may is True


def test_where_no_policy_applies_it_says_so_and_still_shows_the_order(world: World) -> None:
    (matter,) = open_matters(world.write(world.karen, "Hvor er min ordre 10490?"))
    advice = advice_for(matter, world.ida)
    assert advice.status == NONE
    assert advice.facts["order_state"].value == "dispatched"
    assert advice.facts["promised_on"].value == date(2026, 11, 12)


def test_a_policy_that_only_says_how_we_behave_decides_nothing(world: World) -> None:
    message = world.write(world.freja, "Hej")
    assert advice_for(add_matter(message.conversation, by=world.ida, policy="courtesy"), world.ida).status == NONE
    assert advice_for(add_matter(message.conversation, by=world.ida, policy="contact"), world.ida).status == NONE


def test_facts_that_cannot_be_true_together_are_a_gap_and_not_a_crash(world: World) -> None:
    matter = returned(world, "10452", faulty=False)
    Purchase.objects.filter(number="10452").update(state="delivered")
    state_fact(matter, "delivered_on", "2026-11-20", "verified", by=world.ida)  # after she wrote
    assert advice_for(matter, world.ida).status in {GAP, DECIDED, ASK}


def test_a_category_the_book_does_not_know_is_asked_for(world: World) -> None:
    world.products["lamp"].category = "candles"
    world.products["lamp"].save()
    advice = advice_for(returned(world, "10452", faulty=False), world.ida)
    assert advice.status == ASK
    assert "category" in advice.open


def test_an_order_with_several_lines_asks_which_one_is_meant(world: World) -> None:
    purchase = world.purchases["10452"]
    purchase.lines.create(product=world.products["duvet"], price_cents=99900)
    (matter,) = open_matters(world.write(world.freja, "Ordre 10452 skal retur."))
    advice = advice_for(matter, world.ida)
    assert matter.line is None
    assert advice.line_needed


def test_a_derived_fact_is_shown_with_what_it_was_worked_out_from(world: World) -> None:
    known = advice_for(returned(world, "10452", faulty=False), world.ida).facts["days_since_delivery"]
    assert (known.value, known.provenance) == (13, "derived")
    assert "Delivered on" in known.source_text


def test_goodwill_is_advised_by_amount_and_budget(world: World) -> None:
    message = world.write(world.karen, "Det er ikke i orden.")
    matter = add_matter(message.conversation, by=world.ida, policy="refunds/goodwill")
    state_fact(matter, "goodwill_amount", 20000, by=world.ida)
    small = advice_for(matter, world.ida)
    assert (small.outcome, small.may, [action.amount_cents for action in small.actions]) == ("allow", True, [20000])
    state_fact(matter, "goodwill_amount", 80000, by=world.ida)
    large = advice_for(matter, world.ida)
    assert (large.outcome, large.authority, large.may) == ("approve", "team-lead", False)


def test_the_advice_travels_as_plain_values(world: World) -> None:
    plain = advice_for(returned(world, "10452", faulty=False), world.ida).to_json()
    assert plain["outcome"] == "allow"
    assert plain["actions"][-1]["due_on"] == "2026-12-07"
    assert plain["days"] == {"purchase": "2026-10-30", "contact": "2026-11-16", "today": "2026-11-16"}


def test_advice_costs_a_fixed_number_of_queries(world: World, django_assert_max_num_queries: object) -> None:
    matter = returned(world, "10452", faulty=False)
    advice_for(matter, world.ida)
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a pytest-django fixture
        advice_for(matter, world.ida)
