"""The page of API keys: made by a manager, shown this once, ended by a click."""

import re

from django.test import Client

from goodword.accounts.models import Agent, ApiKey
from goodword.journal.models import Event
from tests.world import World

FORM = {"name": "The shop", "role": "agent", "scopes": ["orders:write", "events:read"], "per_minute": "90"}


def secret_on(page: str) -> str:
    found = re.search(r"gw_[\w-]{43}", page)
    return found[0] if found else ""


def test_a_manager_makes_a_key_and_sees_its_secret_this_once(world: World, mette: Client) -> None:
    page = mette.post("/desk/api-keys/make/", FORM | {"expires_on": "2026-12-24"})
    secret = secret_on(page.content.decode())
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.per_minute) == ("The shop", ["events:read", "orders:write"], 90)
    assert key.expires_at is not None
    assert key.expires_at.isoformat() == "2026-12-24T23:00:00+00:00", "the end of that day in Copenhagen"
    assert (key.agent.is_program, key.agent.role, key.agent.has_usable_password()) == (True, "agent", False)
    assert "no-store" in page["Cache-Control"]
    assert secret_on(mette.get("/desk/api-keys/").content.decode()) == ""
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/events")
    assert answer.status_code == 200
    assert Event.objects.get(kind="api_key.made").actor == world.mette.actor


def test_a_key_is_ended_by_a_click(world: World, mette: Client) -> None:
    secret = secret_on(mette.post("/desk/api-keys/make/", FORM).content.decode())
    mette.post(f"/desk/api-keys/{ApiKey.objects.get().pk}/end/")
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/events").status_code == 401
    assert "Afsluttet" in mette.get("/desk/api-keys/").content.decode()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(world: World, mette: Client) -> None:
    for wrong, field in (
        ({"name": " "}, "key-name"), ({"scopes": []}, "key-scopes"), ({"expires_on": "2020-01-01"}, "key-until"),
        ({"expires_on": "soon"}, "key-until"), ({"per_minute": "0"}, "key-rate"), ({"per_minute": "x"}, "key-rate"),
    ):  # fmt: skip
        answer = mette.post("/desk/api-keys/make/", FORM | wrong)
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.content.decode()
    assert (ApiKey.objects.count(), Agent.objects.filter(is_program=True).count()) == (0, 0)


def test_nobody_lends_a_program_more_than_she_has(world: World, mette: Client) -> None:
    assert mette.post("/desk/api-keys/make/", FORM | {"role": "owner"}).status_code in {409, 422}
    assert not ApiKey.objects.exists()


def test_only_managers_see_the_page_and_the_way_to_it(world: World, ida: Client, mette: Client) -> None:
    assert [ida.get("/desk/api-keys/").status_code, ida.post("/desk/api-keys/make/", FORM).status_code] == [409, 409]
    assert 'href="/desk/api-keys/"' in mette.get("/desk/").content.decode()
    assert 'href="/desk/api-keys/"' not in ida.get("/desk/").content.decode()
    assert not ApiKey.objects.exists()
