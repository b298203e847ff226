"""Products, purchases with their lines, deliveries. Amounts are integers in the currency's smallest unit."""

from django.db import models

from goodword.people.models import Person


class Product(models.Model):
    """Something the company sells. `names` maps a language to the product's name."""

    sku = models.CharField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    category = models.CharField(max_length=60, help_text="a value of the book's fact `category`")
    made_to_measure = models.BooleanField(default=False)
    sealed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.sku

    def name(self, language: str) -> str:
        """The name in `language`, or in any language there is, or the SKU."""
        return str(self.names.get(language) or next(iter(self.names.values()), self.sku))


class Purchase(models.Model):
    """What a customer bought at one time ("order" in the interface)."""

    number = models.CharField(max_length=60, unique=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="purchases")
    bought_on = models.DateField()
    channel = models.CharField(max_length=40, default="web")
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=40, default="open", help_text="open, shipped, delivered, cancelled")

    class Meta:
        ordering = ["-bought_on", "-id"]

    def __str__(self) -> str:
        return self.number


class Delivery(models.Model):
    """One journey of goods to the customer."""

    purchase = models.ForeignKey(Purchase, on_delete=models.CASCADE, related_name="deliveries")
    carrier = models.CharField(max_length=60, blank=True)
    warehouse = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=40, default="planned", help_text="planned, loaded, delivered, failed")
    promised_on = models.DateField(null=True)
    window_start = models.DateTimeField(null=True)
    window_end = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    dispatched_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)


class PurchaseLine(models.Model):
    """One product of a purchase. `price_cents` is what was paid for the whole line."""

    purchase = models.ForeignKey(Purchase, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="lines")
    quantity = models.PositiveIntegerField(default=1)
    price_cents = models.BigIntegerField()
    batch = models.CharField(max_length=60, blank=True)
