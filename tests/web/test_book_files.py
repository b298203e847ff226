"""The policy book to take away, for staff."""

import json
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from goodword.engine.render import book_from_json
from goodword.policies.queries import current_book
from tests.world import World


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("handbook.pdf", b"%PDF-"), ("handbook.html", b"<!doctype html>"), ("book.xlsx", b"PK"),
        ("book.dmn", b"<?xml"), ("book.json", b"{"), ("receipt.txt", b""),
    ],
)  # fmt: skip
def test_staff_take_the_book_away(ida: Client, name: str, begins: bytes) -> None:
    answer = ida.get(f"/desk/policies/files/{name}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer.content.startswith(begins)
    assert len(answer.content) > 500


def test_what_is_taken_away_is_the_book_in_force(ida: Client) -> None:
    book = current_book()
    assert book_from_json(json.loads(ida.get("/desk/policies/files/book.json").content)).hash == book.hash
    about = load_workbook(BytesIO(ida.get("/desk/policies/files/book.xlsx").content))["About"]
    assert book.hash[:12] in str(about["A1"].value)


def test_another_name_is_not_found(ida: Client) -> None:
    assert ida.get("/desk/policies/files/secrets.txt").status_code == 404


@pytest.mark.parametrize("name", ["handbook.pdf", "book.json"])
def test_nobody_takes_the_staffs_book_away_without_signing_in(world: World, name: str) -> None:
    answer = Client().get(f"/desk/policies/files/{name}")
    assert answer.status_code == 302
    assert "login" in answer["Location"]
