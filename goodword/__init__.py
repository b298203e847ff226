"""Goodword: a customer-service desk that runs on a policy book."""

__version__ = "0.1.0"
