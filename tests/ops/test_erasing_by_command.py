"""`goodword erase-person`: for whoever runs the machine, once it is meant."""

import io
from argparse import Namespace

import pytest

from goodword.lib.errors import NotFound, Refused
from goodword.ops.on_desk import erase_person
from goodword.people.models import Person
from tests.world import World


def test_it_erases_whoever_has_the_address(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert erase_person(Namespace(email="Freja@Holm.example", yes=True)) == 0
    assert Person.objects.get(pk=world.freja.pk).name == ""
    assert "is erased" in capsys.readouterr().out


def test_an_unknown_address_erases_nobody(world: World) -> None:
    with pytest.raises(NotFound):
        erase_person(Namespace(email="nobody@nowhere.example", yes=True))
    assert not Person.objects.exclude(erased_at=None).exists()


def test_without_anybody_to_ask_it_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Refused):
        erase_person(Namespace(email="freja@holm.example", yes=False))
    assert Person.objects.get(pk=world.freja.pk).name
