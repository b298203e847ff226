"""What must go when a person is erased: each room that keeps something of hers registers its own eraser.

`goodword.reactions` fills the list at start, so that this room need not know the rooms above it.
"""

from collections.abc import Callable

from goodword.people.models import Person

Eraser = Callable[[Person], None]
_erasers: list[Eraser] = []


def erase_with(eraser: Eraser) -> None:
    """Have `eraser` run, in the same transaction, whenever a person is erased. It may raise Refused."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def run_erasers(person: Person) -> None:
    """Erase what the rooms above keep of her. Raises Refused if one of them must keep it."""
    for eraser in _erasers:
        eraser(person)
