"""What of a conversation, a customer or an order can be searched, as words and stems ready to be stored."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from goodword.desk.models import Attachment, Conversation, Matter, Message
from goodword.orders.models import Product, Purchase
from goodword.people.models import Address, Person
from goodword.search.models import Entry
from goodword.search.stems import folded, spans_of, stem
from goodword.search.storing import WALL, Words, place_of

# Of a very long conversation the newest letters only: a tsvector holds one megabyte and 16,383 positions.
_MOST_BYTES = 250_000
_BYTES_FOR_A_PLACE = 12
_SHORTEST_PHONE = 6

# A text, and the language whose stems it is looked up by; none for names, numbers and addresses.
Part = tuple[str, str]


def words_of(kind: str, pks: Sequence[int]) -> list[Words]:
    """The words of these rows. Rows that nobody should find are left out: the merged, the erased, the deleted."""
    readers = {Entry.CONVERSATION: _conversations, Entry.PERSON: _people, Entry.ORDER: _orders}
    return readers[kind](pks)


def _conversations(pks: Sequence[int]) -> list[Words]:
    rows = Conversation.objects.filter(pk__in=pks, merged_into=None).select_related("person")
    rows = rows.prefetch_related("person__addresses", "merged_from")
    said, files, orders = _said_in(pks), _files_in(pks), _orders_in(pks)
    return [
        _words(
            place_of(Entry.CONVERSATION, row.pk, row.last_message_at.timestamp()),
            row.pk,
            [*_head(row), *orders[row.pk], *files[row.pk], *said[row.pk]],
        )
        for row in rows
    ]


def _head(conversation: Conversation) -> list[Part]:
    numbers = [conversation.number, *(gone.number for gone in conversation.merged_from.all())]
    person = conversation.person
    return [
        *((str(number), "") for number in numbers),
        (conversation.subject, conversation.language),
        *(_of_person(person) if person else []),
    ]


def _of_person(person: Person) -> list[Part]:
    parts = [(person.name, ""), (person.first_name, "")]
    for address in person.addresses.all():
        parts += [(each, "") for each in _spellings(address)]
    return parts


def _spellings(address: Address) -> list[str]:
    """A telephone number is found with and without its country's, and by its last digits."""
    if address.kind != Address.PHONE:
        return [address.value]
    digits = address.value.removeprefix("+")
    return [digits[start:] for start in range(max(1, len(digits) - _SHORTEST_PHONE + 1))]


def _said_in(pks: Sequence[int]) -> dict[int, list[Part]]:
    """Letters and notes, the newest first; what was quoted only in the first, where it is not here otherwise."""
    names = ("conversation_id", "subject", "text", "quoted_text", "language", "from_address", "from_name", "pk")
    rows = Message.objects.filter(conversation__in=pks).order_by("-at", "-pk")
    parts: dict[int, list[Part]] = defaultdict(list)
    quoted: dict[int, Part] = {}
    languages = dict(Conversation.objects.filter(pk__in=pks).values_list("pk", "language"))
    for pk, subject, text, quote, language, address, name, _ in rows.values_list(*names):
        language = language or languages.get(pk, "")
        parts[pk] += [(name, ""), (address, ""), (subject, language), (text, language)]
        quoted[pk] = (quote, language)
    for pk, part in quoted.items():
        parts[pk].append(part)
    return parts


def _files_in(pks: Sequence[int]) -> dict[int, list[Part]]:
    parts: dict[int, list[Part]] = defaultdict(list)
    rows = Attachment.objects.filter(message__conversation__in=pks).order_by("-pk")
    for pk, name in rows.values_list("message__conversation_id", "name"):
        parts[pk].append((name, ""))
    return parts


def _orders_in(pks: Sequence[int]) -> dict[int, list[Part]]:
    parts: dict[int, list[Part]] = defaultdict(list)
    rows = Matter.objects.filter(conversation__in=pks).exclude(state=Matter.WITHDRAWN)
    for matter in rows.select_related("purchase", "line__product"):
        if matter.purchase:
            parts[matter.conversation_id].append((matter.purchase.number, ""))
        if matter.line:
            parts[matter.conversation_id] += _of_product(matter.line.product)
    return parts


def _of_product(product: Product) -> list[Part]:
    return [(product.sku, ""), *((str(name), language) for language, name in product.names.items())]


def _people(pks: Sequence[int]) -> list[Words]:
    rows = Person.objects.filter(pk__in=pks, merged_into=None, erased_at=None).prefetch_related("addresses")
    return [_words(place_of(Entry.PERSON, row.pk), row.pk, _of_person(row)) for row in rows]


def _orders(pks: Sequence[int]) -> list[Words]:
    rows = Purchase.objects.filter(pk__in=pks).prefetch_related("lines__product", "deliveries")
    return [
        _words(
            place_of(Entry.ORDER, row.pk),
            row.pk,
            [
                (row.number, ""),
                *(part for line in row.lines.all() for part in _of_product(line.product)),
                *((delivery.tracking, "") for delivery in row.deliveries.all()),
            ],
        )
        for row in rows
    ]


def touched_by_person(pks: Iterable[int]) -> set[int]:
    """The conversations in which these customers' names, addresses or words stand."""
    rows = Conversation.objects.filter(Q(person__in=pks) | Q(pk__in=_written_by(pks)))
    return set(rows.values_list("pk", flat=True))


def _written_by(pks: Iterable[int]) -> set[int]:
    return set(Message.objects.filter(person__in=pks).values_list("conversation_id", flat=True))


def _words(place: int, about: int, parts: Iterable[Part]) -> Words:
    """Every text once, in order: what is answered by quoting a subject is not worth storing again."""
    words: list[str] = []
    stems: dict[str, None] = {}
    left = _MOST_BYTES
    for text, language in dict.fromkeys(part for part in parts if part[0]):
        for _, _, raw in spans_of(text):
            word = folded(raw)
            left -= len(word.encode()) + _BYTES_FOR_A_PLACE
            if left < 0:
                return Words(place, about, words, stems)
            words += [word] if word else []
            if found := stem(raw, language):
                stems[found] = None
        words.append(WALL)
    return Words(place, about, words, stems)
