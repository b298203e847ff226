"""The desk's tables, by noun: conversations and what is said in them; matters and what is decided."""

from goodword.desk.models.conversations import Attachment, Contact, Conversation, Draft, Inbox, Message
from goodword.desk.models.decisions import Action, Approval, Decision, FrozenRecord
from goodword.desk.models.handling import Complaint, Correction, DecisionCorrection, Regrouping, Transfer
from goodword.desk.models.matters import FactValue, Gap, Matter

__all__ = [
    "Action",
    "Approval",
    "Attachment",
    "Complaint",
    "Contact",
    "Conversation",
    "Correction",
    "Decision",
    "DecisionCorrection",
    "Draft",
    "FactValue",
    "FrozenRecord",
    "Gap",
    "Inbox",
    "Matter",
    "Message",
    "Regrouping",
    "Transfer",
]
