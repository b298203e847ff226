"""Erasing a customer, and forbidding it: for the two highest roles, and only when it is confirmed."""

from django.test import Client

from goodword.people.models import Person
from tests.world import World


def path_of(world: World) -> str:
    return f"/desk/c/{world.write(world.freja, 'Please forget me.').conversation.number}/"


def test_a_manager_erases_a_customer_once_it_is_confirmed(world: World, mette: Client) -> None:
    path = path_of(world)
    assert mette.post(f"{path}erase/").status_code == 422
    assert Person.objects.get(pk=world.freja.pk).erased_at is None
    assert mette.post(f"{path}erase/", {"sure": "yes"}).status_code == 302
    assert Person.objects.get(pk=world.freja.pk).name == ""
    assert "forget me" not in mette.get(path).content.decode()


def test_an_agent_neither_erases_nor_holds_a_customer_and_sees_no_button_for_it(world: World, ida: Client) -> None:
    path = path_of(world)
    answers = [ida.post(f"{path}erase/", {"sure": "yes"}), ida.post(f"{path}hold/", {"held": "yes"})]
    assert [answer.status_code for answer in answers] == [409, 409]
    person = Person.objects.get(pk=world.freja.pk)
    assert (person.erased_at, person.legal_hold) == (None, False)
    assert f"{path}erase/" not in ida.get(path).content.decode()


def test_under_legal_hold_nothing_is_erased_until_it_ends(world: World, mette: Client) -> None:
    path = path_of(world)
    mette.post(f"{path}hold/", {"held": "yes"})
    assert mette.post(f"{path}erase/", {"sure": "yes"}).status_code == 409
    page = mette.get(path).content.decode()
    assert f"{path}hold/" in page
    assert f"{path}erase/" not in page
    mette.post(f"{path}hold/", {"held": "no"})
    assert mette.post(f"{path}erase/", {"sure": "yes"}).status_code == 302
