"""The shared world itself."""

from tests.world import World


def test_the_world_stands_with_its_book(world: World) -> None:
    assert world.publication.hash
    assert world.line("10452").product.name("da") == "Bordlampe Måne"
