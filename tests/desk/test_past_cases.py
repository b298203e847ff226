"""The desk's own decisions, decided again by another version of the book."""

from goodword import engine
from goodword.desk.queries.past_cases import stored_decisions
from goodword.engine.replay import Options, Replayed, replay, stored_case
from goodword.people.actions import erase_person
from goodword.policies.queries import current_book
from tests.desk.cases import plain_yes, refusal
from tests.world import TODAY, World, shop_files


def changed_book(parameter: str, new: str) -> engine.Book:
    """The shop's book with another value of a parameter, written as in its file."""
    files = shop_files()
    text = files["parameters.yaml"]
    assert parameter in text
    return engine.parse_book({**files, "parameters.yaml": text.replace(parameter, new)})


def shorter_window() -> engine.Book:
    """With a week to change one's mind, which is less than the law's fourteen days."""
    return changed_book("from: 2025-06-01, value: 30", "from: 2025-06-01, value: 7")


def without_authority() -> engine.Book:
    """With agents who may refund nothing: a team lead signs every refund."""
    return changed_book("{DKK: 500000}", "{DKK: 0}")


def replayed(*books: engine.Book) -> Replayed:
    cases = [stored_case(place, stored, books, strict=False) for place, stored in stored_decisions()]
    return replay(cases, books, Options(today=TODAY))


def test_by_the_same_book_every_decision_comes_out_as_it_did(world: World) -> None:
    plain_yes(world)
    refusal(world)
    found = replayed(current_book())
    assert found.matrix == {("allow", "allow"): 1, ("refuse", "refuse"): 1}
    assert found.changed == 0


def test_by_a_window_shorter_than_the_law_the_law_still_decides(world: World) -> None:
    plain_yes(world)
    assert replayed(shorter_window()).matrix == {("allow", "allow"): 1}


def test_what_would_have_been_decided_otherwise_is_named_with_its_amount(world: World) -> None:
    decision = plain_yes(world)
    found = replayed(without_authority())
    assert [(change.place, change.policy, change.differs) for change in found.changes] == [
        (decision.pk, "returns", ("authority",))
    ]
    (refund,) = [each for each in found.sums if each.name == "refund_amount"]
    price = decision.matter.line.price_cents
    assert (refund.currency, refund.before, refund.after) == ("DKK", price, price)
    assert found.persons == 1


def test_two_versions_are_set_side_by_side_on_the_same_decisions(world: World) -> None:
    plain_yes(world)
    found = replayed(current_book(), without_authority())
    assert (found.matrix, found.changed) == ({("allow", "allow"): 1}, 1)


def test_an_erased_customer_leaves_her_decision_replayable_without_her(world: World) -> None:
    plain_yes(world)
    erase_person(world.freja, book=current_book(), by=None)
    found = replayed(without_authority())
    assert (found.matrix, found.changed) == ({("allow", "allow"): 1}, 1)
    assert found.persons is None
