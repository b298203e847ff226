"""The tour with everything in Indonesian, Malay and Turkish: the customers' mails, the pages, and the letters."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.guests import AISYAH, AYSE, BUDI, CAN, DEWI, ELIF, HAFIZ, NURUL, SARI, Guest, write_mail
from tests.browser.steps import (
    accept,
    advice,
    answer_question,
    close,
    drafted,
    expect_in_outbox,
    mark_done,
    reply_as_customer,
    send,
)
from tests.browser.visitors import Visitor, Visits

pytestmark = pytest.mark.browser
JONAS, HENRIK = "jonas@nordhvile.example", "henrik@nordhvile.example"


@dataclass(frozen=True)
class Tour:
    """What the customers write, and what stands on the pages and in the letters, in one language."""

    language: str
    locale: str
    yes: str
    no: str
    money_back: str
    # A plain yes: who, subject, letter; the headline with the amount; then each action with the words that tell of it
    lamp: tuple[Guest, str, str]
    granted: str
    greeting: str
    done: tuple[tuple[str, str], ...]
    # A no with something better
    topper: tuple[Guest, str, str]
    refused: str
    says_yes: str
    offer: str
    voucher: str
    # One that needs approval
    bed: tuple[Guest, str, str]
    waits: str
    # The public pages
    title: str
    sentence: str


INDONESIAN = Tour(
    "id", "id-ID", "Ya", "Tidak", "Uang kembali",
    (SARI, "Pengembalian lampu", "Halo,\n\nSaya mau mengembalikan lampu dari pesanan 20021. Lampunya terlalu besar."),
    r"Ya\s*DKK\s499,00", "Yth. Sari Wulandari",
    (
        ("Label pengembalian", "Ini label pengembalian Anda"),
        ("Barang diterima kembali", "sudah kami terima kembali"),
        ("Pengembalian dana", "Hari ini kami"),
    ),
    (BUDI, "Pelapis kasur terlalu lunak",
     "Halo,\n\nPelapis kasur dari pesanan 20022 terlalu lunak. Kantongnya sudah saya buka. Bisa dikembalikan?"),
    "Tidak, tetapi", "Ya, saya mau voucernya.", "persen", "Voucer",
    (DEWI, "Tempat tidur saya rusak",
     "Halo,\n\nTempat tidur dari pesanan 20023 rusak: satu kakinya patah. Saya mau uang saya kembali."),
    "Ya, dengan persetujuan",
    "Pengembalian", "Anda",
)  # fmt: skip
MALAY = Tour(
    "ms", "ms-MY", "Ya", "Tidak", "Wang dikembalikan",
    (AISYAH, "Pemulangan lampu", "Salam,\n\nSaya mahu memulangkan lampu daripada pesanan 20024. Ia terlalu besar."),
    r"Ya\s*DKK\s499.00", "Kepada Aisyah Rahman yang dihormati",
    (
        ("Label pemulangan", "Ini label pemulangan anda"),
        ("Barang diterima semula", "sudah kami terima semula"),
        ("Bayaran balik", "Hari ini kami"),
    ),
    (HAFIZ, "Topper tilam terlalu lembut",
     "Salam,\n\nTopper tilam daripada pesanan 20025 terlalu lembut. Beg itu sudah saya buka. Boleh saya pulangkan?"),
    "Tidak, tetapi", "Ya, saya mahu baucar itu.", "peratus", "Baucar",
    (NURUL, "Katil saya rosak",
     "Salam,\n\nKatil daripada pesanan 20026 rosak: satu kakinya patah. Saya mahu wang saya dikembalikan."),
    "Ya, dengan kelulusan",
    "Pemulangan", "anda",
)  # fmt: skip
TURKISH = Tour(
    "tr", "tr-TR", "Evet", "Hayır", "Paranın iadesi",
    (AYSE, "Lambayı iade etmek istiyorum",
     "Merhaba,\n\n20027 numaralı siparişteki lambayı iade etmek istiyorum. Masama çok büyük geldi."),
    r"Evet\s*499,00\sDKK", "Sayın Ayşe Yılmaz",
    (
        ("İade etiketi", "İade etiketiniz burada"),
        ("Ürün geri alındı", "Gönderdiğiniz ürün bize ulaştı"),
        ("Para iadesi", "Bugün size"),
    ),
    (CAN, "Yatak pedi çok yumuşak",
     "Merhaba,\n\n20028 numaralı siparişteki yatak pedi çok yumuşak. Poşeti açtım. Geri gönderebilir miyim?"),
    "Hayır, ancak", "Evet, kuponu istiyorum.", "indirim kuponu", "İndirim kuponu",
    (ELIF, "Karyolam kırıldı",
     "Merhaba,\n\n20029 numaralı siparişteki karyola kırıldı: bir ayağı koptu. Paramı geri istiyorum."),
    "Evet, onay gerekli",
    "İade, değişim ve kusurlar", "iade etiketiyle",
)  # fmt: skip
each_tour = pytest.mark.parametrize("tour", [INDONESIAN, MALAY, TURKISH], ids=lambda tour: tour.language)


@contextmanager
def speaking(visits: Visits, email: str, tour: Tour) -> Iterator[Visitor]:
    """One of the staff, who has chosen the tour's language in her own menu; afterwards it is Danish again."""
    visitor = visits.signed_in(email, "da")
    chooses(visitor, tour.language)
    try:
        yield Visitor(visitor.page, visitor.desk, visits.visitor(tour.language).say)
    finally:
        visitor.goes_to("/desk/")
        chooses(visitor, "da")


def chooses(visitor: Visitor, language: str) -> None:
    visitor.page.locator("#own-menu summary").click()
    visitor.page.locator(f"#own-menu button[name=language][value={language}]").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", language)


@each_tour
def test_a_plain_yes(visits: Visits, tour: Tour) -> None:
    guest, subject, letter = tour.lamp
    number = write_mail(visits.desk, guest, subject, letter)
    with speaking(visits, JONAS, tour) as agent:
        agent.goes_to(f"/desk/c/{number}/")
        answer_question(agent, tour.no)
        expect(advice(agent)).to_contain_text(re.compile(tour.granted))
        assert accept(agent).startswith(tour.greeting)
        expect(agent.page.locator("#reply-text")).to_have_attribute("lang", tour.language)
        send(agent)
        for action, told in tour.done:
            mark_done(agent, action)
            expect_in_outbox(agent, guest.address, told)
            agent.goes_to(f"/desk/c/{number}/")
        close(agent, "solved")
        agent.sees("The conversation is closed.")


@each_tour
def test_a_no_with_something_better(visits: Visits, tour: Tour) -> None:
    guest, subject, letter = tour.topper
    number = write_mail(visits.desk, guest, subject, letter)
    customer = visits.visitor(tour.language, locale=tour.locale)
    with speaking(visits, JONAS, tour) as agent:
        agent.goes_to(f"/desk/c/{number}/")
        answer_question(agent, tour.no)
        answer_question(agent, tour.yes)
        expect(advice(agent)).to_contain_text(tour.refused)
        accept(agent)
        send(agent)
        expect_in_outbox(agent, guest.address, guest.name)
        reply_as_customer(customer, guest.name, tour.offer, tour.says_yes)

        agent.goes_to(f"/desk/c/{number}/")
        expect(agent.page.locator(".message-in").last).to_contain_text(tour.says_yes)
        agent.page.locator("form[action$='/alternative/'] button").click()
        mark_done(agent, tour.voucher)
        close(agent, "alternative")
        agent.sees("The conversation is closed.")


@each_tour
def test_one_that_needs_approval(visits: Visits, tour: Tour) -> None:
    guest, subject, letter = tour.bed
    number = write_mail(visits.desk, guest, subject, letter)
    with speaking(visits, JONAS, tour) as agent, speaking(visits, HENRIK, tour) as owner:
        agent.goes_to(f"/desk/c/{number}/")
        answer_question(agent, tour.yes)
        answer_question(agent, tour.money_back)
        expect(advice(agent)).to_contain_text(tour.waits)
        agent.presses("Ask for approval")
        agent.sees("Approval is asked for. You are told as soon as it is answered.")

        owner.goes_to("/desk/approvals/")
        request = owner.page.locator(".request").filter(has_text=guest.name)
        request.get_by_role("textbox").fill("OK.")
        request.get_by_role("button", name=owner.say("Approve")).click()
        owner.sees("Approved. Whoever asked has been told.")

        agent.goes_to(f"/desk/c/{number}/")
        agent.presses("Draft the answer")
        assert guest.name in drafted(agent)
        send(agent)
        expect_in_outbox(agent, guest.address, guest.name)


@each_tour
def test_the_public_page_is_in_it(visits: Visits, tour: Tour) -> None:
    reader = visits.visitor(tour.language, locale=tour.locale)
    reader.goes_to("/policies/returns/")
    expect(reader.page.locator("html")).to_have_attribute("lang", tour.language)
    expect(reader.page.locator("h1")).to_contain_text(tour.title)
    expect(reader.page.locator("main")).to_contain_text(tour.sentence)
    reader.goes_to("/contact/")
    expect(reader.page.locator("html")).to_have_attribute("lang", tour.language)
