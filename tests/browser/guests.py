"""Customers of these tests alone, each with an order of her own, so that no test stands in another's way.

They come in as a company's own would: by `goodword import-orders`, and then they write real mails.
"""

import smtplib
import time
from dataclasses import dataclass
from datetime import date, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.ops.process import Desk, run_command

SECONDS_TO_ARRIVE = 30


@dataclass(frozen=True)
class Guest:
    """A customer and what she bought. `delivered` counts days back from today; None: it is on its way."""

    name: str
    address: str
    language: str
    order: str
    sku: str
    price: str
    delivered: int | None


# Danish, for the tour in Danish
ASTA = Guest("Asta Lund", "asta@lund.example", "da", "20001", "LAMP-1", "499.00", 9)
AKSEL = Guest("Aksel Holt", "aksel@holt.example", "da", "20002", "TOPPER-1", "1499.00", 11)
ALBA = Guest("Alba Krog", "alba@krog.example", "da", "20003", "BED-1", "18999.00", 12)
# English
BEN = Guest("Ben Carter", "ben@carter.example", "en", "20004", "LAMP-2", "649.00", 9)
CORA = Guest("Cora Dean", "cora@dean.example", "en", "20005", "LAMP-1", "499.00", 9)
DORA = Guest("Dora Elliot", "dora@elliot.example", "en", "20006", "BLANKET-1", "699.00", 9)
EVAN = Guest("Evan Frost", "evan@frost.example", "en", "20007", "LINEN-1", "1199.00", 9)
FAY = Guest("Fay Gordon", "fay@gordon.example", "en", "20008", "LAMP-2", "649.00", 34)
GIL = Guest("Gil Hardy", "gil@hardy.example", "en", "20009", "DUVET-1", "999.00", None)
HOPE = Guest("Hope Ives", "hope@ives.example", "en", "20010", "LAMP-1", "499.00", 9)
IRIS = Guest("Iris Jolly", "iris@jolly.example", "en", "20011", "LINEN-1", "1199.00", 38)
JACK = Guest("Jack Kirby", "jack@kirby.example", "en", "20012", "LAMP-1", "499.00", 9)
KATE = Guest("Kate Lowry", "kate@lowry.example", "en", "20013", "BED-1", "18999.00", 9)
LEO = Guest("Leo Mercer", "leo@mercer.example", "en", "20014", "LAMP-2", "649.00", 9)
# English, for what is put right, handed over, merged and followed
PIA = Guest("Pia Norton", "pia@norton.example", "en", "20031", "LAMP-1", "499.00", 9)
QUINN = Guest("Quinn Osborne", "quinn@osborne.example", "en", "20032", "LAMP-2", "649.00", 9)
RUTH = Guest("Ruth Price", "ruth@price.example", "en", "20033", "TOPPER-1", "1499.00", 9)
SAUL = Guest("Saul Quigley", "saul@quigley.example", "en", "20034", "LAMP-2", "649.00", 9)
TESS = Guest("Tess Rowan", "tess@rowan.example", "en", "20035", "LAMP-1", "499.00", 9)
UMA = Guest("Uma Sharp", "uma@sharp.example", "en", "20036", "LAMP-2", "649.00", 9)
PUT_RIGHT = (PIA, QUINN, RUTH, SAUL, TESS, UMA)
# Indonesian, Malay and Turkish: a lamp, a topper and a bed each
SARI = Guest("Sari Wulandari", "sari@wulandari.example", "id", "20021", "LAMP-1", "499.00", 9)
BUDI = Guest("Budi Santoso", "budi@santoso.example", "id", "20022", "TOPPER-1", "1499.00", 11)
DEWI = Guest("Dewi Lestari", "dewi@lestari.example", "id", "20023", "BED-1", "18999.00", 12)
AISYAH = Guest("Aisyah Rahman", "aisyah@rahman.example", "ms", "20024", "LAMP-1", "499.00", 9)
HAFIZ = Guest("Hafiz Osman", "hafiz@osman.example", "ms", "20025", "TOPPER-1", "1499.00", 11)
NURUL = Guest("Nurul Izzah", "nurul@izzah.example", "ms", "20026", "BED-1", "18999.00", 12)
AYSE = Guest("Ayşe Yılmaz", "ayse@yilmaz.example", "tr", "20027", "LAMP-1", "499.00", 9)
CAN = Guest("Can Öztürk", "can@ozturk.example", "tr", "20028", "TOPPER-1", "1499.00", 11)
ELIF = Guest("Elif Çağlar", "elif@caglar.example", "tr", "20029", "BED-1", "18999.00", 12)
ABROAD = (SARI, BUDI, DEWI, AISYAH, HAFIZ, NURUL, AYSE, CAN, ELIF)
GUESTS = (ASTA, AKSEL, ALBA, BEN, CORA, DORA, EVAN, FAY, GIL, HOPE, IRIS, JACK, KATE, LEO, *PUT_RIGHT, *ABROAD)


def let_them_buy(desk: Desk, folder: Path) -> None:
    """Import their orders and deliveries into a running desk, as its owner would."""
    for name, rows in (("orders.csv", _orders()), ("deliveries.csv", _deliveries())):
        file = folder / name
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        done = run_command(desk, "import-orders", str(file))
        assert done.returncode == 0, done.stdout + done.stderr


def _orders() -> list[str]:
    heading = "order,bought_on,email,name,language,country,currency,channel,state,sku,price"
    rows = [
        f"{each.order},{_days_ago((each.delivered or 0) + 5)},{each.address},{each.name},{each.language},DK,DKK,web,"
        f"{'dispatched' if each.delivered is None else 'delivered'},{each.sku},{each.price}"
        for each in GUESTS
    ]
    return [heading, *rows]


def _deliveries() -> list[str]:
    heading = "order,carrier,tracking,state,promised_on,dispatched_on,delivered_on"
    rows = []
    for each in GUESTS:
        state = "loaded" if each.delivered is None else "delivered"
        promised = _days_ago(-2 if each.delivered is None else each.delivered)
        dispatched = _days_ago((each.delivered or 0) + 1)
        delivered = "" if each.delivered is None else _days_ago(each.delivered)
        rows.append(f"{each.order},Nordfragt,NF{each.order},{state},{promised},{dispatched},{delivered}")
    return [heading, *rows]


def _days_ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()


def write_mail(desk: Desk, guest: Guest, subject: str, text: str) -> int:
    """Send a mail as `guest` by SMTP, wait until it has become a conversation, and return its number."""
    return write_as(desk, guest.name, guest.address, subject, text)


def write_as(desk: Desk, name: str, address: str, subject: str, text: str) -> int:
    """The same for anybody."""
    hand_over(desk, _mail(desk, name, address, subject, text), address)
    return conversation_called(desk, address, subject)


def write_again(desk: Desk, guest: Guest, subject: str, text: str) -> None:
    """Send a second mail in the thread of the first one with this subject."""
    mail = _mail(desk, guest.name, guest.address, f"Re: {subject}", text)
    mail["In-Reply-To"] = mail["References"] = _mail_id(guest.address, subject)
    hand_over(desk, mail, guest.address)


def hand_over(desk: Desk, mail: EmailMessage, sender: str) -> None:
    """Give a mail to the desk's receiver."""
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=SECONDS_TO_ARRIVE) as server:
        server.send_message(mail, from_addr=sender)


def _mail(desk: Desk, name: str, address: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    user, _sign, domain = address.partition("@")
    mail["From"], mail["To"] = Address(name, user, domain), desk.card()["inbox"]
    mail["Subject"], mail["Message-ID"] = subject, _mail_id(address, subject)
    mail.set_content(text)
    return mail


def _mail_id(address: str, subject: str) -> str:
    plain = subject.lower().encode("ascii", "ignore").decode()
    return f"<{'.'.join(plain.split())}.{address}>"


def conversation_called(desk: Desk, address: str, subject: str) -> int:
    """Wait for the conversation with this subject from this address; its number."""
    end = time.monotonic() + SECONDS_TO_ARRIVE
    while time.monotonic() < end:
        found = conversations_of(desk, address, subject)
        if found:
            return int(found[0]["number"])
        time.sleep(0.1)  # the API has nothing to wait on but the next look
    raise AssertionError(f"{subject!r} from {address} has not arrived")


def conversations_of(desk: Desk, address: str, subject: str) -> list[Any]:
    """What the API lists of this person under this subject."""
    listed = desk.api(f"conversations?limit=100&person={address}")["conversations"]
    return [each for each in listed if each["subject"] == subject]
