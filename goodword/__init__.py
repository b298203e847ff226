"""Goodword: a customer-service desk that runs on a policy book."""

__version__ = "0.2.0"
