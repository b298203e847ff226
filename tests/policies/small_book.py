"""A book of one policy, small enough to be checked in a moment."""

from datetime import date
from pathlib import Path

BOOK = """name: Small
languages: [en]
currency: DKK
time_zone: Europe/Copenhagen
roles: [agent, manager]
departments: {service: {en: Service}}
hours:
  default: {mon: ["09:00-17:00"]}
"""
FACTS = """facts:
  days_since_delivery:
    type: days
    range: [0, 3650]
    label: {en: Days since delivery}
    question: {en: "How many days ago was it delivered?"}
    source: ask
outputs:
  outcome:
    type: choice
    values: {allow: {en: Yes}, refuse: {en: "No, but"}}
    label: {en: Outcome}
  reason:
    type: choice
    values: {in-time: {en: In time}, late: {en: Late}}
    label: {en: Reason}
  alternative:
    type: choice
    values: {voucher: {en: A voucher}}
    label: {en: Instead}
actions: {}
"""
PARAMETERS = """return_window:
  type: days
  label: {en: Days to change your mind}
  values:
    - {from: 2024-01-01, value: %s, source: "Management"}
"""
RETURNS = """---
policy: returns
title: Returns
summary: You may change your mind.
valid_from: %s
review_by: 2099-12-31
audience: public
governed_by: purchase
owner: manager
recognise: [return]
---

# Returns

You may send back what you bought.

## The window
<!-- #window -->

Within {{return_window}} days we take it back. Later you get a voucher.

| U | days_since_delivery | => | outcome  | reason    | alternative |
|:--|:--------------------|:--:|:---------|:----------|:------------|
| 1 | <= return_window    |    | "allow"  | "in-time" | -           |
| 2 | > return_window     |    | "refuse" | "late"    | "voucher"   |

## Words for the customer
<!-- #words audience: staff -->

<!-- say: opening -->
> You would like to return something.

<!-- say: in-time -->
> You may.

<!-- say: late -->
> It is too late for that; you get a voucher.
"""
CASES = """- says: On day 10 it is taken back.
  on: 2026-12-15
  facts: {days_since_delivery: 10}
  expect: {outcome: allow}
"""
DAY = date(2026, 11, 16)


def small_book(window: int = 30, valid_from: str = "2026-01-01") -> dict[str, str]:
    """The files of the book, with a return window of so many days."""
    return {
        "book.yaml": BOOK,
        "facts.yaml": FACTS,
        "parameters.yaml": PARAMETERS % window,
        "returns.md": RETURNS % valid_from,
        "cases/returns.yaml": CASES,
    }


def write_book(folder: Path, files: dict[str, str]) -> Path:
    """The book as a folder, byte for byte."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder
