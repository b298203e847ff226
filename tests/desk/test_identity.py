"""Who writes, and what a letter may therefore show."""

from goodword.desk.actions.conversations import doubt_identity, open_conversation, receive
from goodword.desk.actions.identity import trust_again
from goodword.desk.actions.matters import correct_matter, open_matters, prove_identity, withdraw_matter
from goodword.desk.arriving import Said
from goodword.desk.drafting import draft_reply
from goodword.desk.identity import identity_of, may_show, state_on_arrival
from goodword.desk.models import Conversation, Matter
from goodword.desk.queries.advice import advice_for
from goodword.people.models import Address, Person
from tests.world import NOW, World

SECRETS = ("Freja", "Holm", "lamp", "Lamp", "499", "10452", "november")


def stranger(world: World) -> Person:
    person = Person.objects.create(name="Sam Stranger", language="en", made_at=NOW)
    Address.objects.create(person=person, value="stranger@post.example")
    return person


def test_a_buyer_who_writes_from_her_own_address_is_known(world: World) -> None:
    message = world.write(world.freja, "Ordre 10452 skal retur.")
    open_matters(message)
    assert identity_of(message.conversation).state == Conversation.KNOWN
    assert "Kære Freja Holm" in draft_reply(message.conversation, world.ida)


def test_any_of_her_addresses_makes_her_known(world: World) -> None:
    assert state_on_arrival(world.freja, "FH@Arbejde.example") == Conversation.KNOWN


def test_an_answer_wanted_at_an_address_that_is_not_hers_makes_her_unverified(world: World) -> None:
    assert state_on_arrival(world.freja, "freja@holm.example", "thief@post.example") == Conversation.UNVERIFIED
    assert state_on_arrival(world.freja, "freja@holm.example", "fh@arbejde.example") == Conversation.KNOWN


def test_a_stranger_with_an_order_number_learns_nothing_of_person_or_order(world: World) -> None:
    message = world.write(stranger(world), "I want to return order 10452.", identity=Conversation.UNVERIFIED)
    (matter,) = open_matters(message)
    draft = draft_reply(message.conversation, world.ida)
    advice = advice_for(matter, world.ida)
    assert matter.purchase == world.purchases["10452"]
    assert advice.identity_needed
    assert "two details of the order" in draft
    assert [secret for secret in SECRETS if secret in draft + advice.words] == []


def test_somebody_elses_order_number_makes_a_known_customer_unverified(world: World) -> None:
    message = world.write(world.oliver, "I want to return order 10452.")
    (matter,) = open_matters(message)
    identity = identity_of(message.conversation)
    draft = draft_reply(message.conversation, world.ida)
    assert identity.state == Conversation.UNVERIFIED
    assert "10452" in identity.why
    assert not may_show(matter)
    assert "Dear" not in draft
    assert [secret for secret in (*SECRETS, "Oliver") if secret in draft] == []


def test_one_order_of_somebody_else_marks_the_writer_until_it_is_put_right(world: World) -> None:
    message = world.write(world.oliver, "Please cancel order 10480, and I want to return order 10452.")
    own, other = open_matters(message)
    assert Conversation.objects.get().identity == Conversation.UNVERIFIED
    assert not may_show(own)
    correct_matter(other, by=world.ida, purchase=world.purchases["10471"])  # a slip in the number
    assert Conversation.objects.get().identity == Conversation.KNOWN


def test_withdrawing_the_wrong_matter_puts_it_right_too(world: World) -> None:
    message = world.write(world.oliver, "Please cancel order 10480, and I want to return order 10452.")
    _own, other = open_matters(message)
    withdraw_matter(other, by=world.ida)
    assert Conversation.objects.get().identity == Conversation.KNOWN


def test_a_stranger_stays_unverified_whatever_the_order(world: World) -> None:
    message = world.write(stranger(world), "I want to return order 10452.", identity=Conversation.UNVERIFIED)
    (matter,) = open_matters(message)
    correct_matter(matter, by=world.ida, purchase=None)
    assert Conversation.objects.get().identity == Conversation.UNVERIFIED


def test_what_proves_one_buyer_opens_no_other_customers_order(world: World) -> None:
    message = world.write(stranger(world), "I want to return order 10452.", identity=Conversation.UNVERIFIED)
    open_matters(message)
    conversation = prove_identity(message.conversation, "two-details", by=world.ida)
    (same_buyer,) = open_matters(world.write_again(conversation, "And order 10460."))
    assert may_show(same_buyer)
    (other_buyer,) = open_matters(world.write_again(conversation, "And where is order 10490?"))
    assert not may_show(other_buyer)
    assert Conversation.objects.get().identity == Conversation.UNVERIFIED
    prove_identity(Conversation.objects.get(), "code", by=world.ida)
    assert may_show(Matter.objects.get(pk=other_buyer.pk))


def test_the_identity_step_once_met_opens_the_order(world: World) -> None:
    message = world.write(stranger(world), "I want to return order 10452.", identity=Conversation.UNVERIFIED)
    (matter,) = open_matters(message)
    prove_identity(message.conversation, "two-details", by=world.ida)
    matter.refresh_from_db()
    message.conversation.refresh_from_db()
    assert identity_of(message.conversation).state == Conversation.VERIFIED
    assert not advice_for(matter, world.ida).identity_needed
    assert "Moon table lamp" in draft_reply(message.conversation, world.ida)


def test_a_stranger_who_only_asks_where_an_order_is_learns_nothing_either(world: World) -> None:
    message = world.write(stranger(world), "Where is order 10490?", identity=Conversation.UNVERIFIED)
    (matter,) = open_matters(message)
    draft = draft_reply(message.conversation, world.ida)
    assert advice_for(matter, world.ida).identity_needed
    assert "two details of the order" in draft
    assert [secret for secret in ("Karen", "duvet", "10490", "November", "Sam") if secret in draft] == []


def test_an_order_that_nobody_is_known_to_have_placed_is_nobodys_to_be_told_of(world: World) -> None:
    world.purchases["10452"].person = None
    world.purchases["10452"].save()
    (matter,) = open_matters(world.write(None, "I want to return order 10452."))
    assert not may_show(matter)


def test_a_mail_about_somebody_elses_order_arrives_marked(world: World) -> None:
    conversation = open_conversation(
        world.inbox, world.karen, "Retur", "da", by=None, identity=Conversation.KNOWN, at=NOW
    )
    said = Said(text="Jeg vil returnere ordre 10452.", at=NOW, from_address="karen@dahl.example", language="da")
    receive(conversation, world.karen, said)
    assert Conversation.objects.get().identity == Conversation.UNVERIFIED


def test_after_a_letter_from_elsewhere_a_proof_counts_for_nothing_until_it_is_given_again(world: World) -> None:
    message = world.write(world.freja, "Ordre 10452 skal retur.")
    open_matters(message)
    conversation = prove_identity(message.conversation, "code", by=world.ida)
    trust_again(doubt_identity(conversation))
    assert identity_of(conversation).state == Conversation.KNOWN


def test_whoever_began_as_a_stranger_becomes_no_better_known_by_writing_again(world: World) -> None:
    conversation = world.write(stranger(world), "Hello", identity=Conversation.UNVERIFIED).conversation
    assert trust_again(conversation).identity == Conversation.UNVERIFIED


def test_trust_comes_back_without_an_order_that_is_not_hers(world: World) -> None:
    message = world.write(world.freja, "Where is order 10471?")
    open_matters(message)
    conversation = doubt_identity(message.conversation)
    assert trust_again(conversation).identity == Conversation.UNVERIFIED
    correct_matter(conversation.matters.get(), by=world.ida, purchase=world.purchases["10452"])
    conversation.refresh_from_db()
    assert conversation.identity == Conversation.KNOWN
