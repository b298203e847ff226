"""A conversation as a whole: its language and customer, other departments, complaints, merging and splitting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goodword.accounts.models import Agent
from goodword.channels.queries import writer_inside
from goodword.desk.actions.complaints import mark_complaint, unmark_complaint
from goodword.desk.actions.corrections import correct_customer, correct_language, undo_correction
from goodword.desk.actions.regrouping import merge_conversations, split_conversation, undo_regrouping
from goodword.desk.actions.transfers import accept_transfer, offer_transfer, send_back, withdraw_transfer
from goodword.desk.models import Conversation, Correction, Message, Regrouping, Transfer
from goodword.desk.queries.likely_customers import likely_customers, person_named
from goodword.lib.errors import Invalid, NotFound
from goodword.people.actions import find_or_welcome, welcome
from goodword.people.merging import merge_people, undo_merger
from goodword.people.models import Merger, Person
from goodword.web.answers import agent_of, staff_page
from goodword.web.conversation_pages import asked_conversation, page_changed


@staff_page
@require_POST
def language(request: HttpRequest, number: int) -> HttpResponse:
    """She writes in another language."""
    correct_language(asked_conversation(request, number), request.POST.get("language", ""), by=agent_of(request))
    return page_changed(request, number)


@staff_page
@require_POST
def customer(request: HttpRequest, number: int) -> HttpResponse:
    """It is another customer's: one who was offered, the writer of a forwarded letter, one with this address or order,
    or a new one."""
    conversation = asked_conversation(request, number)
    chosen = request.POST.get("person", "")
    if chosen:
        person = _offered(likely_customers(conversation), chosen)
    elif request.POST.get("inside"):
        person = _writer_inside(conversation, request.POST["inside"], by=agent_of(request))
    elif request.POST.get("name"):
        name, address = request.POST["name"], request.POST.get("address", "")
        person = welcome(name, address, conversation.language, by=agent_of(request))
    else:
        person = person_named(request.POST.get("who", ""))
    correct_customer(conversation, person, by=agent_of(request))
    messages.success(request, _("The customer is corrected. Who wrote must be shown anew where an order is spoken of."))
    return page_changed(request, number)


@staff_page
@require_POST
def undo(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take the last correction back."""
    conversation = asked_conversation(request, number)
    correction = Correction.objects.filter(conversation=conversation, pk=pk).first()
    if correction is None:
        raise NotFound(_("There is nothing of this kind to take back."))
    undo_correction(correction, by=agent_of(request))
    messages.success(request, _("The correction is taken back."))
    return page_changed(request, number)


@staff_page
@require_POST
def transfer(request: HttpRequest, number: int) -> HttpResponse:
    """Offer it to another department."""
    conversation = asked_conversation(request, number)
    department, note = request.POST.get("department", ""), request.POST.get("note", "")
    offer_transfer(conversation, department, note, by=agent_of(request))
    messages.success(request, _("It is offered to them. You see it until they have answered."))
    return _here(number)


@staff_page
@require_POST
def transfer_answer(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take it over, send it back with a reason, or take the offer back."""
    conversation, agent = asked_conversation(request, number), agent_of(request)
    offered = Transfer.objects.filter(conversation=conversation, pk=pk).first()
    if offered is None:
        raise NotFound(_("Nothing is on offer here."))
    answer = request.POST.get("answer", "")
    if answer == "accept":
        accept_transfer(offered, by=agent)
        messages.success(request, _("It is yours now."))
        return _here(number)
    if answer == "send-back":
        send_back(offered, request.POST.get("word", ""), by=agent)
        messages.success(request, _("It is sent back with your reason."))
    else:
        withdraw_transfer(offered, by=agent)
        messages.success(request, _("The offer is taken back."))
    # What is sent back may be out of her sight now.
    return HttpResponseRedirect(reverse("web:queue")) if answer == "send-back" else _here(number)


@staff_page
@require_POST
def complaint(request: HttpRequest, number: int) -> HttpResponse:
    """Mark it as a complaint, or unmark it."""
    conversation, agent = asked_conversation(request, number), agent_of(request)
    if request.POST.get("marked") == "no":
        unmark_complaint(conversation, by=agent)
    else:
        mark_complaint(conversation, request.POST.get("reason", ""), by=agent)
    return page_changed(request, number)


@staff_page
@require_POST
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Everything in it goes into another conversation that she may see; the page goes there too."""
    gone = asked_conversation(request, number)
    named = request.POST.get("into", "").strip().lstrip("#")
    if not named.isdecimal() or len(named) > 18:
        raise Invalid(_("Give the number of the other conversation."), field="into")
    kept = asked_conversation(request, int(named))
    merge_conversations(gone, kept, by=agent_of(request))
    messages.success(request, _("The two conversations are one now. The old number leads here."))
    return _here(kept.number)


@staff_page
@require_POST
def split(request: HttpRequest, number: int) -> HttpResponse:
    """Take the chosen messages out into a conversation of their own."""
    conversation = asked_conversation(request, number)
    new = split_conversation(
        conversation, _ids(request, "messages"), by=agent_of(request), matters=_ids(request, "matters")
    )
    messages.success(request, _("This is the new conversation. Mail that answers its messages comes here."))
    return _here(new.number)


@staff_page
@require_POST
def regroup_undo(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Undo a merge or a split, from the conversation that things came into."""
    conversation = asked_conversation(request, number)
    regrouping = Regrouping.objects.select_related("source").filter(target=conversation, pk=pk).first()
    if regrouping is None:
        raise NotFound(_("There is nothing of this kind to take back."))
    if regrouping.kind == Regrouping.SPLIT:
        asked_conversation(request, regrouping.source.number)  # nothing goes back where she may not look
    undo_regrouping(regrouping, by=agent_of(request))
    messages.success(request, _("It is as it was before."))
    return _here(regrouping.source.number)


@staff_page
@require_POST
def same_customer(request: HttpRequest, number: int) -> HttpResponse:
    """Two records are one customer's: this one's goes to the named one, once it is confirmed."""
    conversation = asked_conversation(request, number)
    if conversation.person is None:
        raise NotFound(_("Nobody is known here yet."))
    if request.POST.get("sure") != "yes":
        raise Invalid(_("Confirm first that the two are one and the same customer."), field="sure")
    merge_people(conversation.person, person_named(request.POST.get("who", "")), by=agent_of(request))
    messages.success(request, _("The two records are one now."))
    return page_changed(request, number)


@staff_page
@require_POST
def customers_apart(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """They are two customers after all."""
    conversation = asked_conversation(request, number)
    merger = Merger.objects.filter(kept=conversation.person_id, pk=pk).first()
    if merger is None:
        raise NotFound(_("There is nothing of this kind to take back."))
    undo_merger(merger, by=agent_of(request))
    messages.success(request, _("They are two customers again."))
    return page_changed(request, number)


def _offered(people: list[Person], pk: str) -> Person:
    """One of those that this conversation itself speaks of: no form opens anybody else's record."""
    found = next((person for person in people if str(person.pk) == pk), None)
    if found is None:
        raise NotFound(_("This conversation does not speak of that customer. Look her up by address or order."))
    return found


def _writer_inside(conversation: Conversation, pk: str, *, by: Agent) -> Person:
    """Who wrote the letter that one of the conversation's mails forwards; kept as a new customer if she is none."""
    message = conversation.messages.filter(pk=int(pk), direction=Message.IN).first() if pk.isdecimal() else None
    writer = writer_inside(message) if message else None
    if writer is None:
        raise NotFound(_("This mail forwards no other customer's letter, or the conversation is hers already."))
    return find_or_welcome(writer.address, writer.name, conversation.language, by=by)


def _ids(request: HttpRequest, name: str) -> list[int]:
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 18]


def _here(number: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("web:conversation", args=[number]))
