"""Writes docs/explaining.md: the same ten decisions explained in each language, to be read aloud.

    .venv/bin/python docs/ten_decisions.py

Run it whenever the starter book or the engine's sentences change; a test fails if the page is not what this prints.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from goodword import engine

DOCS = Path(__file__).parent
BOOK = DOCS.parent / "goodword" / "packs" / "shop"
DAY = date(2026, 12, 1)
LAMP = {"category": "general", "made_to_measure": False, "sealed": False, "opened": False, "faulty": False,
        "line_price": 129900, "purchases_last_year": 1}  # fmt: skip
TOPPER = {**LAMP, "category": "hygiene", "sealed": True, "opened": True}
LATE = {"line_price": 499900, "promised_on": date(2026, 11, 20), "requested_on": DAY}
DECISIONS = (
    ("A lamp sent back on day 12", "returns", {**LAMP, "days_since_delivery": 12}),
    ("A lamp on day 34", "returns", {**LAMP, "days_since_delivery": 34}),
    ("An opened topper on day 5", "returns", {**TOPPER, "days_since_delivery": 5}),
    ("An opened topper, bought by a regular customer", "returns",
     {**TOPPER, "days_since_delivery": 40, "purchases_last_year": 4}),
    ("A bed that broke after four years", "returns",
     {**LAMP, "category": "furniture", "faulty": True, "days_since_delivery": 1500, "wish": "money-back"}),
    ("Nothing known yet but the kind of goods", "returns", {"category": "hygiene"}),
    ("A delivery eleven days late, and she waits", "late-delivery", {**LATE, "late_wish": "wait"}),
    ("A delivery eleven days late, and she cancels", "late-delivery", {**LATE, "late_wish": "cancel"}),
    ("Who may grant a refund of DKK 9,000", "refunds/authority", {"refund_amount": 900000, "money_for": "goods-back"}),
    ("A mistake of ours in her favour, told two days ago", "mistakes/word",
     {"correction_direction": "worse", "acted_on": False, "days_since_told": 2}),
)  # fmt: skip
HEAD = """# The same ten decisions in five languages

Made by `docs/ten_decisions.py` from the starter book; a test fails if this page is not what it prints. First what the
customer is told, then what the agent reads. Each was read aloud by us for grammar: numbers and dates stand where no
ending has to follow them, Turkish above all. No native speaker has read them yet.
"""


def page() -> str:
    """The page, as it should stand in docs/explaining.md."""
    book = engine.read_book(BOOK)
    parts = [HEAD]
    for number, (title, policy, facts) in enumerate(DECISIONS, start=1):
        decision = engine.decide(book, policy, facts, DAY, role="agent")
        parts.append(f"## {number}. {title}\n")
        for language in book.languages:
            customer, agent = (engine.explain(decision, book, language, to=reader) for reader in ("customer", "agent"))
            parts.append(f"**{language}** · {told(customer)}  \n*{told(agent, with_rules=True)}*\n")
    return "\n".join(parts)


def told(explanation: engine.Explanation, *, with_rules: bool = False) -> str:
    """An explanation as one paragraph."""
    said = [explanation.summary, *(explanation.reasons if with_rules else []), explanation.boundary or ""]
    return " ".join(filter(None, [*said, *explanation.differences])).replace("\xa0", " ")


if __name__ == "__main__":
    (DOCS / "explaining.md").write_text(page(), encoding="utf-8")
