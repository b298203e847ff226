"""Conversations, messages, matters, facts, decisions, approvals and actions."""
