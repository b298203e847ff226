"""Customers: how to address them, where they can be reached, what they allow."""
