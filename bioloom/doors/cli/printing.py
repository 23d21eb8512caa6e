"""Printing: tables and sentences for people on a terminal, JSON for machines, refusals for both."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bioloom.doors.answers.commands import RefusalTold, Refused
from bioloom.vocabulary.amounts import BaseUnit, said
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

AsJson = Annotated[bool, Parameter(name="--json", negative="")]
AsAgent = Annotated[str | None, Parameter(name="--as")]

# Exit codes, see DESIGN of the command line in docs/how-to: done, found wanting, refused.
DONE, WANTING, REFUSED = 0, 1, 2


def out() -> Console:
    """The console for what a command answers; plain and unbroken where it is not a terminal."""
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console = Console(highlight=False, emoji=False, width=200)
    return console


def err() -> Console:
    """The console for what a command has to say about itself."""
    return Console(stderr=True, highlight=False, emoji=False)


def print_json(answer: object) -> None:
    """One JSON value, indented."""
    text = msgspec.json.format(msgspec.json.encode(answer), indent=2)
    sys.stdout.write(text.decode() + "\n")


def print_json_lines(answers: Iterable[object]) -> None:
    """One JSON value a line, as they come."""
    for answer in answers:
        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")


def print_refusal(refusal: Refusal, *, as_json: bool) -> None:
    """What was refused, why, and what to do; as JSON too, where that was asked for."""
    if as_json:
        told = RefusalTold(
            kind=type(refusal).__name__,
            what=refusal.what,
            why=refusal.why,
            remedy=refusal.remedy,
        )
        print_json(Refused(refused=told))
    console = err()
    console.print(f"[bold red]Refused.[/] {escape(refusal.what)}", soft_wrap=True)
    console.print(f"  Why: {escape(refusal.why)}", soft_wrap=True)
    console.print(f"  What to do: {escape(refusal.remedy)}", soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table; a column whose name begins with '#' holds numbers and stands to the right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        right = column.startswith("#")
        made.add_column(column.removeprefix("#"), justify="right" if right else "left")
    for row in rows:
        made.add_row(*map(escape, row))
    return made


def tonnes(mass_mg: int) -> str:
    """A mass for people: tonnes to the kilogram, exact to the half kilogram.

    >>> tonnes(1_010_785_237_308)
    '1,010.785'
    """
    return f"{mass_mg / MG_PER_TONNE:,.3f}"


def amount(units: int, base: BaseUnit) -> str:
    """An amount for people, in the unit in which they would say it.

    >>> amount(10**9 * 1234, BaseUnit("mg"))
    '1,234 t'
    """
    return said(units, base)


def percent(share: float) -> str:
    """A share for people. Only the whole is written as 100 %.

    >>> percent(0.99999), percent(1.0)
    ('99.9 %', '100 %')
    """
    if share >= 1:
        return "100 %"
    return f"{min(share * 100, 99.9):.1f} %"
