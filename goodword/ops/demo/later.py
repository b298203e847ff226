"""What became of the orders that were under way when somebody wrote about them."""

from datetime import datetime, timedelta

from goodword.ops.demo.letters import Story
from goodword.orders.models import Delivery, Purchase

_DAYS_UNTIL_DELIVERED = 4


def bring_up_to_today(told: list[Story], now: datetime) -> None:
    """Cancel and deliver what has been cancelled and delivered since; what is still under way gets a day to come."""
    orders = {order.number: order for order in Purchase.objects.filter(number__in=[str(s.sale.number) for s in told])}
    for story in told:
        order = orders[str(story.sale.number)]
        if story.letter.later == "cancelled":
            Purchase.objects.filter(pk=order.pk).update(state="cancelled")
        elif story.letter.later == "delivered":
            _deliver(order, story.days_ago - _DAYS_UNTIL_DELIVERED, now)


def _deliver(order: Purchase, days_ago: int, now: datetime) -> None:
    day = now.date() - timedelta(days=days_ago)
    deliveries = Delivery.objects.filter(purchase=order)
    if days_ago <= 0:
        deliveries.update(promised_on=day + timedelta(days=1))
        return
    Purchase.objects.filter(pk=order.pk).update(state="delivered")
    deliveries.update(
        state="delivered",
        delivered_on=day,
        dispatched_on=day - timedelta(days=1),
        loaded_at=now - timedelta(days=days_ago + 1),
    )
