"""Tables that part all situations without gap or overlap, written for Goodword and for everybody else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CHOICES = {"kind": ["a", "b", "c", "d"], "channel": ["web", "phone", "shop"]}
YES_NO = ("opened", "faulty")
NUMBERS = {"days": 3650, "price": 1_000_000}
FACTS = [*CHOICES, *YES_NO, *NUMBERS]
OUTCOMES = ("allow", "approve", "refuse")


@dataclass
class Part:
    """A box of situations: the choices left, and [low, high) of each number. A box that was split knows how."""

    choices: dict[str, list[Any]]
    numbers: dict[str, tuple[int, int]]
    outcome: str = ""
    percent: int = 0
    fact: str = ""
    at: Any = None
    halves: list[Part] = field(default_factory=list)

    def leaves(self) -> Iterator[Part]:
        """The boxes that were not split: the rules."""
        if self.halves:
            for half in self.halves:
                yield from half.leaves()
        else:
            yield self


def partition(rules: int, seed: int = 7) -> Part:
    """A tree of `rules` boxes that together cover everything, cut at random."""
    chance = random.Random(seed)
    top = Part({**CHOICES, **{name: [True, False] for name in YES_NO}}, {n: (0, high) for n, high in NUMBERS.items()})
    leaves = [top]
    while len(leaves) < rules:
        leaf = leaves.pop(chance.randrange(len(leaves)))
        cuts = [name for name, left in leaf.choices.items() if len(left) > 1]
        cuts += [name for name, (low, high) in leaf.numbers.items() if high - low > 1]
        if not cuts:  # a single situation is left
            leaves.append(leaf)
            continue
        name = chance.choice(cuts)
        leaf.fact = name
        if name in leaf.choices:
            left = leaf.choices[name]
            leaf.at = left[: len(left) // 2]
            pair = [{**leaf.choices, name: part} for part in (leaf.at, left[len(left) // 2 :])]
            leaf.halves = [Part(part, dict(leaf.numbers)) for part in pair]
        else:
            low, high = leaf.numbers[name]
            leaf.at = chance.randrange(low + 1, high)
            leaf.halves = [
                Part(dict(leaf.choices), {**leaf.numbers, name: ends}) for ends in ((low, leaf.at), (leaf.at, high))
            ]
        leaves += leaf.halves
    for number, leaf in enumerate(leaves):
        leaf.outcome, leaf.percent = OUTCOMES[number % 3], number % 101
    return top


def situations(count: int, seed: int = 11) -> list[dict[str, Any]]:
    """Random situations."""
    chance = random.Random(seed)
    return [
        {name: chance.choice(values) for name, values in CHOICES.items()}
        | {name: chance.random() < 0.5 for name in YES_NO}
        | {name: chance.randrange(high) for name, high in NUMBERS.items()}
        for _ in range(count)
    ]


def cells(leaf: Part, yes: str, no: str, anything: str) -> list[str]:
    """The input cells of a rule, in the notation that Goodword, ZEN and DMN share."""
    row = []
    for name, values in CHOICES.items():
        left = leaf.choices[name]
        row.append(anything if len(left) == len(values) else ", ".join(f'"{value}"' for value in left))
    for name in YES_NO:
        left = leaf.choices[name]
        row.append(anything if len(left) == 2 else yes if left[0] else no)
    for name, highest in NUMBERS.items():
        low, high = leaf.numbers[name]
        if low == 0:
            row.append(anything if high == highest else f"< {high}")
        else:
            row.append(f">= {low}" if high == highest else f"[{low}..{high - 1}]")
    return row


def goodword_files(top: Part) -> dict[str, str]:
    """The table as a policy book."""
    facts = [f"{name}: {{type: choice, values: [{', '.join(values)}]}}" for name, values in CHOICES.items()]
    facts += [f"{name}: {{type: yes/no}}" for name in YES_NO]
    facts += [f"{name}: {{type: number, whole: yes, range: [0, {high - 1}]}}" for name, high in NUMBERS.items()]
    outputs = f"outcome: {{type: choice, values: [{', '.join(OUTCOMES)}]}}, percent: {{type: percent}}"
    lines = [" | ".join(["| U", *FACTS, "=>", "outcome", "percent |"]), "|---" * (len(FACTS) + 4) + "|"]
    for number, leaf in enumerate(top.leaves(), start=1):
        lines.append(" | ".join([f"| {number}", *cells(leaf, "yes", "no", "-"), "", leaf.outcome, f"{leaf.percent} |"]))
    return {
        "book.yaml": "name: Bench\nroles: [agent]\nprecedence: [refuse, approve, allow]\n",
        "facts.yaml": f"facts: {{{', '.join(facts)}}}\noutputs: {{{outputs}}}\n",
        "p.md": "---\ntitle: P\nvalid_from: 2026-01-01\n---\n## C\n<!-- #c -->\n\n" + "\n".join(lines) + "\n",
    }


def nest_of_ifs(top: Part, name: str = "decide") -> str:
    """The table as the Python that somebody would write by hand."""

    def lines(part: Part, indent: str) -> Iterator[str]:
        if not part.halves:
            yield f"{indent}return {(part.outcome, part.percent)!r}"
            return
        test = f"{part.fact} in {tuple(part.at)!r}" if part.fact in part.choices else f"{part.fact} < {part.at}"
        yield f"{indent}if {test}:"
        yield from lines(part.halves[0], indent + " ")
        yield from lines(part.halves[1], indent)

    return f"def {name}({', '.join(FACTS)}):\n" + "\n".join(lines(top, " "))


def nest_of_conditions(part: Part) -> str:
    """The table as one CEL expression."""
    if not part.halves:
        return f'"{part.outcome}"'
    first, second = (nest_of_conditions(half) for half in part.halves)
    if part.fact in YES_NO:
        test = part.fact if part.at[0] else f"!{part.fact}"
    elif part.fact in CHOICES:
        listed = ", ".join(f'"{value}"' for value in part.at)
        test = f"{part.fact} in [{listed}]"
    else:
        test = f"{part.fact} < {part.at}"
    return f"({test} ? {first} : {second})"
