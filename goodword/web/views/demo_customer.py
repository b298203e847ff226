"""Being the customer: her mailbox, and writing a mail that leaves as real SMTP."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.channels.models import DeliveredMail, RawMail
from goodword.desk.models import Inbox
from goodword.lib.errors import Invalid, NotFound
from goodword.people.models import Address, Person
from goodword.people.queries import person_by_id
from goodword.web.demo import demo_page
from goodword.web.demo_post import Letter, post
from goodword.web.shown.mails import SeenMail, seen_mail

MAILS_SHOWN = 40
CUSTOMERS_SHOWN = 60


@demo_page
def customers(request: HttpRequest) -> HttpResponse:
    """Whom one can be."""
    people = Person.objects.filter(erased_at=None, addresses__kind=Address.MAIL).distinct()
    shown = people.prefetch_related("addresses", "purchases").order_by("name", "id")[:CUSTOMERS_SHOWN]
    return render(request, "web/demo/customers.html", {"people": shown})


@demo_page
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """Her mails, the newest first: what she got and what she wrote."""
    person = person_by_id(pk)
    answering = request.GET.get("answer", "")
    mails = _mails(_addresses(person))
    answered = next((mail for mail in mails if mail.ours and str(mail.pk) == answering), None)
    context = {
        "person": person,
        "addresses": _addresses(person),
        "inboxes": Inbox.objects.order_by("id"),
        "mails": mails,
        "answered": answered,
        "subject": _reply_subject(answered.subject) if answered else "",
    }
    return render(request, "web/demo/mailbox.html", context)


@require_POST
@demo_page
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what she wrote to the desk's own mail receiver."""
    person = person_by_id(pk)
    sender = request.POST.get("sender", "")
    if sender not in _addresses(person):
        raise Invalid(_("That is not one of her addresses."), field="sender")
    answered = _answered(request.POST.get("answer", ""), _addresses(person))
    to = answered.reply_to if answered else _inbox(request.POST.get("inbox", ""))
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(_("The mail is empty."), field="text")
    post(Letter(person.name, sender, to, request.POST.get("subject", ""), text, answered))
    messages.success(request, _("The mail has left. It reaches the desk in a moment."))
    return redirect("web:demo_mailbox", pk)


def _addresses(person: Person) -> list[str]:
    return list(person.addresses.filter(kind=Address.MAIL).order_by("id").values_list("value", flat=True))


def _mails(addresses: list[str]) -> list[SeenMail]:
    got = DeliveredMail.objects.filter(recipient__in=addresses).order_by("-id")[:MAILS_SHOWN]
    sent = RawMail.objects.filter(envelope_from__in=addresses).order_by("-id")[:MAILS_SHOWN]
    mails = [seen_mail(row.blob, pk=row.pk, at=row.received_at, ours=True) for row in got]
    mails += [seen_mail(row.blob, pk=row.pk, at=row.received_at, ours=False) for row in sent]
    return sorted((mail for mail in mails if mail), key=lambda mail: mail.at, reverse=True)


def _answered(pk: str, addresses: list[str]) -> SeenMail | None:
    if not pk.isdecimal():
        return None
    row = DeliveredMail.objects.filter(pk=int(pk), recipient__in=addresses).first()
    return seen_mail(row.blob, pk=row.pk, at=row.received_at, ours=True) if row else None


def _inbox(address: str) -> str:
    inbox = Inbox.objects.filter(address=address).first() or Inbox.objects.order_by("id").first()
    if inbox is None:
        raise NotFound(_("There is no inbox to write to."))
    return inbox.address


def _reply_subject(subject: str) -> str:
    return subject if subject.lower().startswith(("re:", "sv:")) else f"Re: {subject}"
