"""A company's own book, made from the starter book."""

import re

from goodword import engine
from goodword.ops.starter_book import book_for, starter_files, starter_languages


def test_the_book_bears_the_companys_name_and_nothing_of_the_shops() -> None:
    files = book_for("Søvn & Co.", "hej@soevn.example", ["en", "da"])
    book = engine.parse_book(files)
    assert (book.name, book.languages, book.contact["email"]) == ("Søvn & Co.", ("en", "da"), "hej@soevn.example")
    assert [name for name, text in files.items() if "Nordhvile" in text or "Lyngvej" in text] == []


def test_a_desk_claims_no_membership_that_its_company_has_not() -> None:
    book = engine.parse_book(book_for("Acme", "hi@acme.example", ["en"]))
    assert (book.memberships, book.contact["phone"], book.contact["address"]) == ((), "", "")


def test_the_companys_book_passes_the_same_check_as_the_starter_book() -> None:
    everything = starter_languages()
    for languages in (["en"], *([language] for language in everything), everything):
        findings = engine.check(book_for("Acme", "hi@acme.example", languages))
        assert [str(finding) for finding in findings if finding.level == "error"] == []


def test_a_company_with_one_language_gets_no_translations() -> None:
    files = book_for("Acme", "hi@acme.example", ["en"])
    translated = {name for name in starter_files() if re.search(r"\.[a-z]{2}\.md$", name)}
    assert set(starter_files()) - set(files) == translated


def test_rules_and_numbers_are_the_starter_books_own() -> None:
    starter, own = starter_files(), book_for("Acme", "hi@acme.example", ["en", "da"])
    assert own["parameters.yaml"] == starter["parameters.yaml"]
    assert own["facts.yaml"] == starter["facts.yaml"]
