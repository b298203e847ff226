"""No English sentence of ours shows on a page in another language, on staff pages or public ones."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from django.utils.translation import trans_real as in_force

import goodword
from goodword.accounts.models import Agent
from goodword.channels.mailboxes.actions import add_mailbox
from goodword.channels.mailboxes.wishes import ServerWish
from goodword.channels.models import Mailbox
from goodword.channels.own_page import token_for
from goodword.desk.actions.conversations import reply
from tests.channels.mailboxes.conftest import wish
from tests.desk.cases import plain_yes, refusal, returned, too_large
from tests.test_languages import NOT_SERVED, SAME, SERVED, forms, messages
from tests.translated import Text, texts_in
from tests.world import World

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
SHOWN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt"}
# Quoted here whole: the customer's own words, names, and what a browser sends.
SILENT = {"script", "style", "textarea", "option"}
STAFF = [
    "/desk/", "/desk/view/mine/", "/desk/c/1000/", "/desk/c/1001/", "/desk/c/1002/", "/desk/c/1003/",
    "/desk/approvals/", "/desk/actions/", "/desk/policies/", "/desk/policies/read/returns/",
    "/desk/policies/read/mistakes/", "/desk/policies/versions/", "/desk/policies/gaps/", "/desk/mail/",
    "/desk/c/4711/", "/desk/policies/read/none/", "/sign-in/2fa/", "/sign-in/password/change/", "/sign-in/logout/",
    "/desk/api-keys/", "/desk/imports/", "/desk/settings/mailboxes/", "/desk/settings/mailboxes/add/",
    "/desk/search/", "/desk/search/?q=lamp", "/desk/search/?q=nothingofthekind",
]  # fmt: skip
PUBLIC = [
    "/", "/policies/", "/policies/returns/", "/policies/privacy/", "/policies/none/", "/contact/", "/gone/",
    "/sign-in/login/", "/sign-in/password/reset/", "/sign-in/password/reset/done/", "/sign-in/signup/",
]  # fmt: skip
MAILBOXES = "/desk/settings/mailboxes/"
# What a manager gets wrong at a new mailbox, one thing per field.
WRONG = {
    "address": "hello", "name": "", "language": "da", "languages": ["da"], "receives": "imap", "sends": "own",
    "sign_in": "google", "folders": " , ", "incoming_host": "https://imap.example.com", "incoming_port": "99999",
    "incoming_security": "tls", "outgoing_host": "", "outgoing_security": "tls", "authorize_url": "http://x.example",
}  # fmt: skip
# The same, put right one after the other: the first that is still wrong is the one told.
RIGHT = [
    ("name", "Brand"), ("address", "brand@nordhvile.example"), ("folders", "INBOX"), ("incoming_port", ""),
    ("incoming_host", "imap.example.com"), ("outgoing_host", "smtp.example.com"), ("client_id", "goodword"),
]  # fmt: skip
PROBLEMS = ["no_such_host", "certificate_expired", "login_refused", "sign_in_ended", "folder_missing", "unknown"]
each_language = pytest.mark.parametrize("language", LANGUAGES)


class Reader(HTMLParser):
    """Collects what a reader is shown or told: the texts between tags, and the attributes that are words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.told: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.told += [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.told.append(data)


@cache
def english() -> dict[str, re.Pattern[str]]:
    """Every text of ours and of the sign-in's, as a pattern that also fits it filled in."""
    found = {}
    for text in {**texts_in(Path(goodword.__path__[0])), **texts_in(*SERVED, without=NOT_SERVED)}:
        for form in filter(None, (text.one, text.many)):
            bare = re.sub(r"<[^>]+>", "", form).strip()
            if len(re.findall(r"[A-Za-z]{2,}", re.sub(r"%\(\w+\)\w", "", bare))) > 1:
                filled = re.sub(r"%\\\(\w+\\\)\w", ".+?", re.escape(bare).replace("%%", "%"))
                found[form] = re.compile(filled, re.DOTALL)
            else:
                found[form] = re.compile(re.sub(r"%\\\(\w+\\\)\w", r"\\S+", re.escape(bare)))
    return found


def leaks(page: str, language: str) -> list[tuple[str, str]]:
    """Texts of the page that are English texts of ours, where the language has other words."""
    told = {" ".join(each.split()) for each in Reader(page).told}
    same = SAME[language]
    with override(language):
        return [
            (form, each)
            for form, pattern in english().items()
            if form not in same | {"English"}  # a language is called by its own name where one is chosen
            and in_force.gettext(form) != form
            for each in told
            if pattern.fullmatch(each) and in_force.gettext(form) != each and not is_said_by_another(each, language)
        ]


def is_said_by_another(told: str, language: str) -> bool:
    """Whether the words happen to be right in this language, too: "Version" is Danish, "Status" Malay."""
    return told in own_words(language) or told in SAME[language]


@cache
def own_words(language: str) -> frozenset[str]:
    return frozenset(form for each in messages(language) for form in forms(each.string))


def agent_who_reads(agent: Agent, language: str) -> Client:
    Agent.objects.filter(pk=agent.pk).update(language=language)
    client = Client()
    client.force_login(agent)
    return client


@each_language
def test_staff_pages_hold_no_english_of_ours(world: World, language: str) -> None:
    returned(world, "10452")
    plain_yes(world, language)
    refusal(world, language)
    too_large(world, language)
    browser = agent_who_reads(world.mette, language)
    found = []
    for path in STAFF:
        page = browser.get(path, follow=True)
        assert f'<html lang="{language}"' in page.content.decode(), path
        found += [(path, *leak) for leak in leaks(page.content.decode(), language)]
    assert found == []


@each_language
def test_the_pages_of_a_mailbox_hold_no_english_of_ours(world: World, language: str) -> None:
    mailbox = add_mailbox(wish(incoming=ServerWish("mail.nowhere.invalid", user="hello")), by=world.mette)
    browser = agent_who_reads(world.mette, language)
    own = f"{MAILBOXES}{mailbox.inbox_id}/"
    pages = [browser.get(own), browser.get(f"{own}test/"), browser.post(f"{own}test/")]
    pages += [browser.post(f"{MAILBOXES}add/", WRONG | dict(RIGHT[:count])) for count in range(len(RIGHT) + 1)]
    pages += [browser.post(f"{own}{button}/", follow=True) for button in ("pause", "pause", "rehearsal", "rehearsal")]
    for code in PROBLEMS:
        Mailbox.objects.filter(pk=mailbox.pk).update(problem=code)
        pages.append(browser.get(MAILBOXES))
    assert {page.status_code for page in pages} == {200, 422}
    assert [leak for page in pages for leak in leaks(page.content.decode(), language)] == []


@each_language
@pytest.mark.parametrize(
    "content", [" ", "[]", "sku;nothing", "sku;sku;category;more", "sku;category\n\0", "sku\n\xe6"]
)
def test_a_file_that_cannot_be_imported_is_refused_without_english(world: World, language: str, content: str) -> None:
    file = SimpleUploadedFile("goods.csv", content.encode("latin-1"))
    page = agent_who_reads(world.mette, language).post("/desk/imports/upload/", {"file": file})
    assert page.status_code == 422
    assert leaks(page.content.decode(), language) == []


@each_language
def test_public_pages_hold_no_english_of_ours(world: World, language: str) -> None:
    browser = Client(headers={"accept-language": language})
    found = []
    for path in PUBLIC:
        page = browser.get(path, follow=True).content.decode()
        assert f'<html lang="{language}"' in page, path
        found += [(path, *leak) for leak in leaks(page, language)]
    assert found == []


@each_language
def test_the_customers_own_page_holds_no_english_of_ours(world: World, language: str) -> None:
    decision = plain_yes(world, language)
    conversation = decision.matter.conversation
    reply(conversation, decision.draft_offered, by=world.ida)
    token = token_for(conversation)
    for path in (f"/c/{token}/", "/c/no-such-token/"):
        page = Client(headers={"accept-language": language}).get(path).content.decode()
        assert f'<html lang="{language}"' in page, path
        assert leaks(page, language) == []


def test_an_english_page_is_seen_to_leak(world: World) -> None:
    page = agent_who_reads(world.ida, "en").get("/desk/policies/").content.decode()
    assert ("The policy book", "The policy book") in leaks(page, "tr")
    assert Text("The policy book") in texts_in(Path(goodword.__path__[0]))
