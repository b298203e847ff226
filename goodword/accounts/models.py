"""Agents, teams, skills and API keys."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AgentManager(BaseUserManager["Agent"]):
    """Makes agents from an address and a password, as Django and allauth expect."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Agent":
        """Store an agent with a hashed password; without one she cannot sign in until she sets it."""
        agent = self.model(email=email.strip().lower(), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent


class Team(models.Model):
    """Agents who share a queue; `department` is a code of the book."""

    name = models.CharField(max_length=100, unique=True)
    department = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something an agent can do that routing may ask for."""

    code = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.code


class Agent(AbstractBaseUser):
    """A person who works here. `role` is a code of the book's roles, whose order is their rank."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="en")
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    skills = models.ManyToManyField(Skill, related_name="agents", blank=True)
    is_active = models.BooleanField(default=True)
    is_program = models.BooleanField(default=False, help_text="no person: an API key acts with this role")
    joined_at = models.DateTimeField(auto_now_add=True)

    # The key through which a program acts with her eyes in this request; never stored.
    through_key: int | None = None

    objects = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How the journal names her; where a program acts for her, the journal names its key."""
        return f"api_key:{self.through_key}" if self.through_key else f"agent:{self.pk}"


class ApiKey(models.Model):
    """A program's key. Only the SHA-256 of the secret is kept; scopes are like `conversations:read`.

    It acts as `agent`: a colleague, or a program of its own that has a role (`Agent.is_program`). `used` counts its
    requests since `minute`: one row, so that the limit holds across processes.
    """

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="api_keys", help_text="whose eyes it has")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, help_text="opens nothing from then on; null: never")
    ended_at = models.DateTimeField(null=True, help_text="when somebody revoked it")
    last_used_at = models.DateTimeField(null=True)
    per_minute = models.PositiveIntegerField(default=600, help_text="requests it may make in a minute")
    minute = models.DateTimeField(null=True)
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How the journal names it."""
        return f"api_key:{self.pk}"


class StoredAnswer(models.Model):
    """A request that carried an idempotency key, and what it was answered: kept for a day, to be given again.

    running ──(what it did and its answer are committed together)──> done
       └──(the process died: once the lease is over, the same request runs anew)──> running
    """

    RUNNING, DONE = "running", "done"

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="answers")
    token = models.CharField(max_length=255, help_text="the Idempotency-Key header")
    digest = models.CharField(max_length=64, help_text="SHA-256 of method, address and body")
    state = models.CharField(max_length=10, default=RUNNING)
    lease_until = models.DateTimeField()
    made_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    erased = models.BooleanField(default=False, help_text="a customer was erased since: the answer may name her")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "token"], name="one_answer_per_idempotency_key")]
