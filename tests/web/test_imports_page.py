"""The page where orders are brought in: tried first, then stored, refused lines named, the report to be saved."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goodword.orders.imports import run_due
from goodword.orders.models import Import, Product
from tests.world import World

PRODUCTS = "sku;category;name.da\r\nDYNE-1;general;Sommerdyne\r\nDYNE-2;elephants;Vinterdyne\r\n"


def file(text: str | bytes = PRODUCTS) -> SimpleUploadedFile:
    return SimpleUploadedFile("varer.csv", text.encode() if isinstance(text, str) else text, content_type="text/csv")


def test_a_file_is_tried_then_stored_and_its_refused_line_is_named(world: World, mette: Client) -> None:
    before = Product.objects.count()
    tried = mette.post("/desk/imports/upload/", {"file": file(), "try": "1"})
    row = Import.objects.get()
    assert tried["Location"] == f"/desk/imports/{row.pk}/"
    assert (row.by, row.actor, row.dry_run, row.name) == (world.mette, world.mette.actor, True, "varer.csv")
    assert "På vej" in mette.get(tried["Location"]).content.decode()

    run_due()
    page = mette.get(tried["Location"]).content.decode()
    assert "&#x27;elephants&#x27; is not one of" in page
    assert Product.objects.count() == before

    stored = mette.post(f"/desk/imports/{row.pk}/store/")
    run_due()
    assert Product.objects.get(sku="DYNE-1").names == {"da": "Sommerdyne"}
    assert mette.get(f"{stored['Location']}report/").getvalue().decode().splitlines()[:2] == [
        "line,outcome,column,reason", "2,created,,",
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_is_said_so_at_the_field(world: World, mette: Client) -> None:
    answer = mette.post("/desk/imports/upload/", {"file": file("sku,category\nLæ,x".encode("latin-1"))})
    assert answer.status_code == 422
    assert 'id="file-wrong"' in answer.content.decode()
    assert "linje 2" in answer.content.decode()
    assert mette.post("/desk/imports/upload/", {}).status_code == 422
    assert not Import.objects.exists()


def test_the_list_asks_again_only_while_something_is_on_its_way(world: World, mette: Client) -> None:
    mette.post("/desk/imports/upload/", {"file": file()})
    assert "every 2s" in mette.get("/desk/imports/?part=list").content.decode()
    run_due()
    assert "every 2s" not in mette.get("/desk/imports/?part=list").content.decode()


def test_one_that_has_failed_is_resumed(world: World, mette: Client) -> None:
    mette.post("/desk/imports/upload/", {"file": file()})
    Import.objects.update(state="failed", problem="It stopped.")
    row = Import.objects.get()
    assert "It stopped." in mette.get(f"/desk/imports/{row.pk}/").content.decode()
    mette.post(f"/desk/imports/{row.pk}/resume/")
    run_due()
    assert Import.objects.get().state == "done"


def test_only_managers_bring_in_orders(world: World, ida: Client) -> None:
    assert ida.get("/desk/imports/").status_code == 409
    assert ida.post("/desk/imports/upload/", {"file": file()}).status_code == 409
    assert not Import.objects.exists()
