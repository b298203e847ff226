"""The draft reads like a letter from a kind, competent person."""

from datetime import timedelta

from goodword.desk.actions.approvals import ask_approval, decline
from goodword.desk.actions.conversations import reply
from goodword.desk.actions.decisions import decide, depart
from goodword.desk.actions.matters import add_matter, open_matters, state_fact
from goodword.desk.drafting import draft_reply
from goodword.lib import clock
from tests.desk.cases import plain_yes, refusal, returned, too_large
from tests.world import NOW, World

PLAIN_YES = """\
Dear Freja Holm,

{opening}

You would like to send back your Moon table lamp, and of course you may. You are within the 30 days that everybody has \
for a change of mind, so you get the full DKK 499.00 back.

What happens now: a return label follows in a separate mail, on the next working day at the latest. Pack the goods so \
that they travel safely and hand them in at a parcel shop near you. As soon as they are back with us, we send the \
money the way you paid, and no later than 7 December 2026.

{closing}

Kind regards

Ida Lund
Nordhvile"""


def paragraphs(letter: str) -> list[str]:
    return letter.replace("\xa0", " ").split("\n\n")


def test_a_letter_begins_with_the_customers_problem_and_ends_with_a_name(world: World) -> None:
    letter = paragraphs(plain_yes(world).draft_offered)
    assert letter[0] == "Dear Freja Holm,"
    assert letter[1].startswith("It is a nuisance when something you looked forward to")
    assert letter[2].startswith("You would like to send back your Moon table lamp, and of course you may.")
    assert letter[-2:] == ["Kind regards", "Ida Lund\nNordhvile"]


def test_the_whole_letter_of_a_plain_yes(world: World) -> None:
    letter = paragraphs(plain_yes(world).draft_offered)
    assert "\n\n".join(letter) == PLAIN_YES.format(opening=letter[1], closing=letter[-3])


def test_the_same_letter_in_danish(world: World) -> None:
    letter = paragraphs(plain_yes(world, "da").draft_offered)
    assert letter[0] == "Kære Freja Holm"
    assert letter[2].startswith("Du vil gerne returnere Bordlampe Måne, og det kan du selvfølgelig.")
    assert "499,00 kr." in letter[2]
    assert "7. december 2026" in letter[3]
    assert letter[-2:] == ["Venlig hilsen", "Ida Lund\nNordhvile"]


def test_the_agent_may_read_it_in_her_own_language(world: World) -> None:
    matter = returned(world, "10452", "da", faulty=False)
    assert draft_reply(matter.conversation, world.ida).startswith("Kære Freja Holm")
    assert draft_reply(matter.conversation, world.ida, "en").startswith("Dear Freja Holm,")


def test_a_first_name_only_with_permission(world: World) -> None:
    world.freja.first_name_permitted = True
    world.freja.save()
    assert refusal(world).draft_offered.startswith("Dear Freja,")


def test_a_refusal_says_what_can_be_done_instead(world: World) -> None:
    letter = refusal(world).draft_offered
    assert "cannot take it back now that the bag is open" in letter
    assert "voucher of 20 per cent" in letter


def test_a_question_is_put_in_words_for_the_customer(world: World) -> None:
    letter = draft_reply(returned(world, "10460", faulty=False).conversation, world.ida)
    assert "?" in letter
    assert "Has the sealed bag been opened" not in letter
    assert "{{" not in letter


def test_an_order_nobody_can_find_is_asked_for_kindly(world: World) -> None:
    message = world.write(world.oliver, "I want to return order 99999.")
    open_matters(message)
    assert "I cannot find an order with the number 99999." in draft_reply(message.conversation, world.ida)


def test_where_is_my_order_is_answered_from_the_records(world: World) -> None:
    message = world.write(world.karen, "Hvor er min ordre 10490?")
    open_matters(message)
    letter = draft_reply(message.conversation, world.ida)
    assert "Vinterdyne" in letter
    assert "12. november 2026" in letter


def test_several_matters_make_one_letter_with_one_greeting(world: World) -> None:
    message = world.write(world.oliver, "I want to return order 10471 and cancel order 10480.", subject="Two things")
    first, second = open_matters(message)
    letter = draft_reply(message.conversation, world.mette, "en")
    assert letter.count("Dear Oliver Grant") == 1
    assert "Fjord continental bed" in letter
    assert "Harbour headboard" in letter
    assert letter.index("Fjord") < letter.index("Harbour")
    assert (first.policy, second.policy) != ("", "")


def test_what_is_answered_is_not_answered_again(world: World) -> None:
    decision = plain_yes(world)
    conversation = decision.matter.conversation
    reply(conversation, decision.draft_offered, by=world.ida)
    assert "Moon table lamp" not in draft_reply(conversation, world.ida)


def test_after_a_long_wait_the_letter_begins_with_an_apology(world: World) -> None:
    matter = returned(world, "10452", faulty=False)
    with clock.stopped_at(NOW + timedelta(hours=9)):
        letter = paragraphs(draft_reply(matter.conversation, world.ida))
    assert letter[1].startswith("First of all: you have waited longer")


def test_a_late_order_gets_its_words_even_without_a_product(world: World) -> None:
    message = world.write(world.karen, "Hej")
    matter = add_matter(
        message.conversation, by=world.ida, policy="late-delivery", purchase=world.purchases["10490"]
    )
    state_fact(matter, "late_wish", "wait", by=world.ida)
    matter.line = None
    matter.save()
    letter = draft_reply(message.conversation, world.ida)
    assert "ordre 10490" in letter


def test_no_letter_ever_shows_a_placeholder(world: World) -> None:
    for number in world.purchases:
        for policy in ("returns", "cancellations", "late-delivery", "delivery", "refunds", "complaints", ""):
            matter = returned(world, number, faulty=False)
            matter.policy = policy
            matter.save()
            assert "{{" not in draft_reply(matter.conversation, world.ida)
            assert "None" not in draft_reply(matter.conversation, world.ida)


def test_the_days_of_a_decided_matter_are_those_of_its_actions(world: World) -> None:
    decision = decide(returned(world, "10452", faulty=False), by=world.ida)
    decision.actions.filter(kind="refund").update(due_on="2026-12-09")
    assert "9 December 2026" in draft_reply(decision.matter.conversation, world.ida)


def test_a_departure_has_words_of_its_own(world: World) -> None:
    matter = returned(world, "10460", faulty=False, opened=True)
    outputs = {"refund_percent": 50, "money_for": "goods-back", "do": ["refund"]}
    letter = paragraphs(depart(matter, "allow", outputs, "Wrong advice in the shop.", by=world.theo).draft_offered)
    assert letter[2].startswith("You wrote about your Cloud mattress topper.")
    assert letter[3].startswith("You get DKK 749.50 back")
    assert "Wrong advice" not in str(letter)


def test_after_a_declined_request_the_letter_announces_no_approval(world: World) -> None:
    decision = too_large(world)
    assert "a colleague has to confirm" in decision.draft_offered
    decline(ask_approval(decision, by=world.ida), "Offer the workshop.", by=world.mette)
    assert "a colleague has to confirm" not in draft_reply(decision.matter.conversation, world.ida)
