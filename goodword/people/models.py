"""Customers, their addresses, and what must be kept apart from them."""

from django.db import models

from goodword.accounts.models import Agent


class Person(models.Model):
    """A customer. First names are used only where `first_name_permitted` says so.

    `retention` names a class of the book's privacy policy; `legal_hold` stops any erasure.
    """

    name = models.CharField(max_length=200, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    salutation = models.CharField(max_length=200, blank=True, help_text="how she wishes to be addressed")
    first_name_permitted = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    since = models.DateField(null=True)
    retention = models.CharField(max_length=40, default="customer")
    legal_hold = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged_from")
    made_at = models.DateTimeField()
    # Not a column: whether the transaction at hand has made her, so that nothing else knows of her yet.
    just_welcomed = False

    def __str__(self) -> str:
        return f"person {self.pk}"


class Address(models.Model):
    """Where a person can be reached. A mail address is kept in lower case and belongs to one person."""

    MAIL, PHONE = "mail", "phone"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=[(MAIL, MAIL), (PHONE, PHONE)], default=MAIL)
    value = models.CharField(max_length=254)
    verified_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="address_belongs_to_one_person")]

    def __str__(self) -> str:
        return f"address {self.pk}"


class Merger(models.Model):
    """Two records were found to be one customer's: what went from the one to the other, by table and id, so that it
    can be undone."""

    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mergers")
    gone = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mergers_away")
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)


class ProtectedFact(models.Model):
    """A fact that must not sway an outcome (the book marks it `protected`), kept apart from the person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="protected_facts")
    fact = models.CharField(max_length=60)
    value = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "fact"], name="protected_fact_once")]


class RecordReading(models.Model):
    """An agent looked at a customer's record: written at one gate, `actions.open_record`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="readings")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT)
    at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=60)
