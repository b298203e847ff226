"""What the commands print for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from goodword.engine import Book, Decision, Finding, explain, format_value


def print_findings(findings: Sequence[Finding]) -> None:
    """One finding a line, hints below, and a count at the end."""
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        line = Text(f"{finding.file}:{finding.line}: ", style="bold")
        line.append(f"{finding.level}: ", style="bold red" if finding.level == "error" else "yellow")
        line.append(finding.message, style="not bold")
        console.print(line)
        if finding.hint:
            console.print(Text(f"    {finding.hint}", style="dim"))
        for text in finding.rewrite.splitlines():
            console.print(Text(f"    {text}"))
    errors = sum(finding.level == "error" for finding in findings)
    warnings = len(findings) - errors
    if not findings:
        console.print(Text("Nothing to mend.", style="green"))
    else:
        console.print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}")


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def print_decision(decision: Decision, book: Book, language: str) -> None:
    """The decision in words, for whoever stands at the counter."""
    console = Console(highlight=False, soft_wrap=True)
    told = explain(decision, book, language, to="agent")
    colour = {"decided": "bold green", "ask": "bold yellow"}.get(decision.status, "bold red")
    console.print(Text(told.summary, style=colour))
    for reason in told.reasons:
        console.print(Text(f"  {reason}"))
    if told.boundary:
        console.print(Text(f"  {told.boundary}", style="italic"))
    for difference in told.differences:
        console.print(Text(f"  {difference}", style="italic"))
    for ref in decision.fired:
        console.print(Text(f"  {ref.id}  {ref.file}:{ref.line}", style="dim"))
    said = {name: value for name, value in decision.outputs.items() if value not in ((), None)}
    rows = [(name, format_value(book, name, value, language)) for name, value in said.items()]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for name, text in rows:
        table.add_row(Text(name, style="dim"), Text(text))
    if decision.status == "decided":
        console.print(table)
