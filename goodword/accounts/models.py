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
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How the journal names her."""
        return f"agent:{self.pk}"


class ApiKey(models.Model):
    """A program's key. Only the SHA-256 of the secret is kept; scopes are like `conversations:read`."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="api_keys", help_text="whose eyes it has")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
