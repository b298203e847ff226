"""GET /policies and one of them."""

from tests.api.conftest import Program
from tests.world import World


def test_the_list_follows_the_handbook_in_every_language(world: World, program: Program) -> None:
    body = program.get("/policies").json()

    codes = [policy["code"] for policy in body["policies"]]
    assert codes[:3] == ["returns", "refunds", "cancellations"]
    assert body["book"] == world.publication.hash
    assert list(body["policies"][0]["title"]) == body["languages"]


def test_drafts_are_listed_and_marked(world: World, program: Program) -> None:
    policies = {policy["code"]: policy for policy in program.get("/policies").json()["policies"]}
    assert policies["phone"]["status"] == "draft"


def test_a_policy_comes_with_its_clauses_filled_in(world: World, program: Program) -> None:
    body = program.get("/policies/returns", on="2026-11-16").json()

    clauses = {clause["anchor"]: clause for clause in body["clauses"]}
    assert "30" in clauses["returns#ordinary"]["html"]["en"]
    assert "{{" not in clauses["returns#ordinary"]["html"]["da"]
    assert clauses["returns#words"]["audience"] == "staff"
    assert body["day"] == "2026-11-16"


def test_an_unknown_policy_is_404(world: World, program: Program) -> None:
    answer = program.get("/policies/nothing-like-it")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
