"""The demo's outbox: every mail that left, as the customer's mail program shows it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from goodword.channels.models import DeliveredMail
from goodword.people.queries import person_by_address
from goodword.web.demo import demo_page
from goodword.web.shown.mails import SeenMail, seen_mail
from goodword.web.untrusted import as_sealed_page

MAILS_SHOWN = 60


@demo_page
def outbox(request: HttpRequest) -> HttpResponse:
    """All mails, the newest first."""
    rows = DeliveredMail.objects.order_by("-id")[:MAILS_SHOWN]
    mails = [mail for row in rows if (mail := _seen(row))]
    return render(request, "web/demo/outbox.html", {"mails": mails})


@demo_page
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail."""
    row = DeliveredMail.objects.filter(pk=pk).first()
    found = _seen(row) if row else None
    if row is None or found is None:
        raise Http404
    person = person_by_address(row.recipient)
    return render(request, "web/demo/mail.html", {"mail": found, "person_pk": person.pk if person else None})


@demo_page
@xframe_options_sameorigin
def layout(request: HttpRequest, pk: int) -> HttpResponse:
    """Its own layout, sealed."""
    row = DeliveredMail.objects.filter(pk=pk).first()
    found = _seen(row) if row else None
    if found is None:
        raise Http404
    return as_sealed_page(found.html)


def _seen(row: DeliveredMail) -> SeenMail | None:
    return seen_mail(row.blob, pk=row.pk, at=row.received_at, ours=True)
