"""The order or line that a form names: of the customer's own orders, or of those the conversation is about."""

from django.db.models import Q
from django.utils.translation import gettext as _

from goodword.desk.models import Conversation
from goodword.lib.errors import NotFound
from goodword.orders.models import Purchase, PurchaseLine


def named_line(conversation: Conversation, pk: int) -> PurchaseLine:
    """The order line. Raises NotFound for somebody else's."""
    lines = PurchaseLine.objects.select_related("purchase", "product")
    found = lines.filter(_may_be_named(conversation, "purchase__"), pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such line on this customer's orders."))
    return found


def named_order(conversation: Conversation, pk: int) -> Purchase:
    """The order. Raises NotFound for somebody else's."""
    found = Purchase.objects.filter(_may_be_named(conversation, ""), pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such order of this customer."))
    return found


def _may_be_named(conversation: Conversation, path: str) -> Q:
    already = conversation.matters.exclude(purchase=None).values_list("purchase_id", flat=True)
    own = Q(**{f"{path}person_id": conversation.person_id}) if conversation.person_id else Q(pk__in=[])
    return own | Q(**{f"{path}pk__in" if path else "pk__in": list(already)})
