"""The company's word as the public reads it: in its language, as of its day, without what is for staff."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from goodword.lib import clock
from goodword.policies.actions import publish
from tests.world import NOW, World, shop_files


@pytest.fixture
def reader(world: World) -> Client:
    return Client()


def text_of(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_company_opens_with_its_mission_and_names_every_situation(reader: Client) -> None:
    page = text_of(reader, "/policies/")
    assert "We want you to sleep well" in page
    assert "Returns, exchanges and faults" in page
    assert "Faults are ours to put right, and you choose how." in page


def test_outside_a_demo_the_front_page_is_the_companys_own(reader: Client) -> None:
    page = text_of(reader, "/")
    assert "We want you to sleep well" in page
    assert 'href="/contact/"' in page


def test_a_policy_is_prose_with_its_parameters_filled_in(reader: Client) -> None:
    page = text_of(reader, "/policies/returns/")
    assert "You have 30 days from" in page
    assert "{{" not in page


def test_no_rule_table_and_no_words_for_staff_are_shown(reader: Client) -> None:
    page = text_of(reader, "/policies/returns/")
    assert "=&gt;" not in page
    assert "refund_percent" not in page
    assert "Words for the customer" not in page


@pytest.mark.parametrize("path", ["/policies/phone/", "/policies/nothing/", "/policies/phone/?on=2026-11-16"])
def test_a_draft_and_what_does_not_exist_are_not_found(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_policy_tells_its_version_since_when_it_holds_and_its_review(world: World, reader: Client) -> None:
    page = text_of(reader, "/policies/returns/")
    assert world.publication.hash[:8] in page
    assert "1 January 2026" in page
    assert "31 December 2027" in page


def test_every_clause_has_its_anchor_and_stands_in_the_contents(reader: Client) -> None:
    page = text_of(reader, "/policies/returns/")
    wanted = set(re.findall(r'<a href="#([\w-]+)">', page)) - {"main"}
    assert {"ordinary", "hygiene", "faults"} <= wanted
    assert wanted <= set(re.findall(r'id="([\w-]+)"', page))


def test_links_between_policies_lead_to_their_public_pages(reader: Client) -> None:
    page = text_of(reader, "/policies/privacy/?language=da")
    assert 'href="/policies/account/?language=da"' in page
    assert ".md" not in page


def test_danish_is_read_off_the_browser(reader: Client) -> None:
    page = text_of(reader, "/policies/returns/", accept_language="da-DK,da;q=0.9,en;q=0.5")
    assert '<html lang="da"' in page
    assert "Skriv til os" in page


def test_a_chosen_language_beats_the_browser_and_goes_along_in_every_link(reader: Client) -> None:
    page = text_of(reader, "/policies/?language=da", accept_language="en")
    assert '<html lang="da"' in page
    own_pages = re.findall(r'href="(/(?:policies|contact)/[^"]*)"', page)
    assert own_pages
    assert [address for address in own_pages if "language=da" not in address] == []


def test_the_switch_leads_to_the_same_page_of_the_same_day(reader: Client) -> None:
    page = text_of(reader, "/policies/returns/?on=2026-06-01")
    assert 'href="?on=2026-06-01&amp;language=da"' in page


def test_a_language_that_the_book_does_not_have_is_passed_over(reader: Client) -> None:
    answer = reader.get("/policies/?language=xx", headers={"accept-language": "fr"})
    assert answer["Content-Language"] == "en"


def test_a_change_of_the_book_shows_at_once(reader: Client) -> None:
    before = aim_on(text_of(reader, "/policies/privacy/"))
    publish_with_aim(before + 1)
    assert aim_on(text_of(reader, "/policies/privacy/")) == before + 1


def test_the_version_of_a_day_can_still_be_read(world: World, reader: Client) -> None:
    with clock.stopped_at(NOW + timedelta(days=30)):
        files = shop_files()
        files["returns.md"] = files["returns.md"].replace("valid_from: 2026-01-01", "valid_from: 2026-12-01", 1)
        files["returns.md"] = files["returns.md"].replace("Something you bought with pleasure", "What you bought")
        publish(files, by=None)
        assert "What you bought should not become" in text_of(reader, "/policies/returns/")
        then = text_of(reader, "/policies/returns/?on=2026-11-16")
    assert "Something you bought with pleasure" in then
    assert world.publication.hash[:8] in then
    assert "as it stood on 16 November 2026" in then


def test_a_version_announced_for_later_does_not_hold_yet(reader: Client) -> None:
    files = shop_files()
    files["returns.md"] = files["returns.md"].replace("valid_from: 2026-01-01", "valid_from: 2026-12-01", 1)
    files["returns.md"] = files["returns.md"].replace("Something you bought with pleasure", "What you bought")
    publish(files, by=None)
    assert "Something you bought with pleasure" in text_of(reader, "/policies/returns/")


def test_a_day_that_is_none_is_refused(reader: Client) -> None:
    assert reader.get("/policies/returns/?on=yesterday").status_code == 422


def test_the_memberships_stand_at_the_foot_of_the_page(reader: Client) -> None:
    page = text_of(reader, "/policies/?language=da")
    assert "Vi følger kodekset for god handel" in page
    assert 'href="https://sleeptraders.example"' in page


def aim_on(page: str) -> int:
    found = re.search(r"we aim for (\d+)", page)
    assert found
    return int(found[1])


def publish_with_aim(days: int) -> None:
    files = shop_files()
    head, name, tail = files["parameters.yaml"].partition("privacy_answer_aim:")
    publish({**files, "parameters.yaml": head + name + re.sub(r"value: \d+", f"value: {days}", tail, count=1)}, by=None)
