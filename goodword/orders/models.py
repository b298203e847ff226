"""Products, purchases with their lines, deliveries. Amounts are integers in the currency's smallest unit."""

from django.db import models

from goodword.accounts.models import Agent
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


class Import(models.Model):
    """A file of products, orders or deliveries on its way in. `cursor` counts the records done, refused ones included.

    waiting ──> running ──(the last record)──> done
                   ├──(the file turns out unreadable, or we fail three times)──> failed ──(resumed)──> waiting
                   └──(the process dies: once the lease is over, it goes on at the cursor)──> running
    """

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    kind = models.CharField(max_length=20, help_text="products, orders or deliveries")
    name = models.CharField(max_length=200, help_text="of the file, as it came")
    blob = models.CharField(max_length=64, blank=True, help_text="its bytes; erased a day after it is done")
    dry_run = models.BooleanField(default=False)
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default=WAITING, db_index=True)
    problem = models.TextField(blank=True)
    total = models.PositiveIntegerField(default=0, help_text="records in the file")
    cursor = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportStep(models.Model):
    """A handful of an import's records, stored in one transaction with the cursor behind them.

    `outcomes` is a list of [line, what, column, reason], one for each record.
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="steps")
    first = models.PositiveIntegerField(help_text="the place of its first record in the file, from 0")
    outcomes = models.JSONField()

    class Meta:
        ordering = ["first"]
        constraints = [models.UniqueConstraint(fields=["of", "first"], name="import_step_once")]
