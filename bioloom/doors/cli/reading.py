"""`bioloom lots`, `trace` and `verify`: reading the record, and checking it from zero."""

import sys
from datetime import date
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter, validators
from rich.console import Group
from rich.markup import escape
from rich.progress import Progress
from rich.text import Text

from bioloom.doors.answers.commands import VerdictPrinted
from bioloom.doors.answers.tracing import LotTraced, tell_line
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsJson,
    amount,
    err,
    out,
    percent,
    print_json,
    print_json_lines,
    table,
)
from bioloom.doors.cli.proofs.files import read_text
from bioloom.doors.compose import City, open_city
from bioloom.doors.keys.signing import Signer
from bioloom.ledger import inventory, tracing
from bioloom.ledger.declared import waste_of
from bioloom.ledger.formats.prov.documents import write_json, write_provn
from bioloom.ledger.formats.prov.lines import statements_of
from bioloom.ledger.passports.origins import MOST_LOTS
from bioloom.ledger.proofs.auditing import audit
from bioloom.ledger.record import verifying
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.wastes.listing import ListedWaste

if TYPE_CHECKING:
    from bioloom.ledger.genealogy.walking import Genealogy


def lots(
    folder: Path,
    *,
    place: str | None = None,
    material: str | None = None,
    owner: str | None = None,
    holder: str | None = None,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    limit: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    as_json: AsJson = False,
) -> None:
    """List lots, in the order in which they came into the record.

    Example: bioloom lots nyc --place 101 --material organics --from 2022-01-01

    Parameters
    ----------
    folder
        The city's folder.
    place
        Only lots of this district.
    material
        Only lots of this material.
    owner
        Only lots that this agent owns some of.
    holder
        Only lots that this agent holds some of.
    from_
        Only lots gathered on or after this day.
    to
        Only lots gathered on or before this day.
    limit
        List at most so many; 40 on a terminal unless given.
    as_json
        Print one JSON object a line.
    """
    which = inventory.LotFilter(
        place=None if place is None else DistrictId(place),
        material=None if material is None else MaterialId(material),
        owner=None if owner is None else AgentId(owner),
        holder=None if holder is None else AgentId(holder),
        first_day=from_,
        last_day=to,
    )
    with open_city(folder) as city:
        found = inventory.lots(city.journal, which)
        if as_json:
            print_json_lines(islice(found, limit))
            return
        console = out()
        shown = list(islice(found, limit or (40 if console.is_terminal else None)))
        wastes = _wastes(city, shown)
        columns = ["lot", "material", "waste", "place", "#amount", "stands on", "days"]
        rows = [_lot_cells(row, wastes.get(row.material)) for row in shown]
        texts = sorted({f"{waste.code}: {waste.en}" for waste in wastes.values()})
        legend = [Text(text, no_wrap=True, overflow="ignore") for text in texts]
        # In one piece: who stops listening after the first line misses nothing.
        listed = table(f"{len(shown)} lots", [*columns, "owner", "holder"], rows)
        console.print(Group(listed, *legend))
        if next(found, None) is not None:
            err().print("There are more: use --limit, or filters such as --place and --from.")


def _wastes(city: City, rows: list[inventory.LotRow]) -> dict[MaterialId, ListedWaste]:
    """What the List of Waste says of the lots' materials."""
    declared = city.journal.declared()
    found = {row.material: waste_of(declared, row.material) for row in rows}
    return {material: waste for material, waste in found.items() if waste is not None}


def _lot_cells(row: inventory.LotRow, waste: ListedWaste | None) -> list[str]:
    return [
        row.lot,
        row.material,
        "" if waste is None else waste.code,
        row.place,
        amount(row.units, row.base_unit),
        row.stamp,
        f"{row.first_day} to {row.last_day}",
        ", ".join(row.owners) or "nobody",
        ", ".join(row.holders) or "nobody",
    ]


def _genealogy(city: City) -> "Genealogy":
    from bioloom.ledger.genealogy.walking import genealogy_of  # noqa: PLC0415  Loads scipy.

    return genealogy_of(city.snapshots)


def trace(
    folder: Path,
    lot: str,
    *,
    forward: Annotated[bool, Parameter(name="--forward", negative="--back")] = False,
    as_: Annotated[Literal["prov", "prov-n"] | None, Parameter(name="--as")] = None,
    as_json: AsJson = False,
) -> None:
    """Follow a lot back to where it came from, or forward to where it went.

    Example: bioloom trace nyc dsny:2022-11:101:organics --back

    Parameters
    ----------
    folder
        The city's folder.
    lot
        The lot's name, as `bioloom lots` lists it.
    forward
        Where it went; or --back, where it came from, which is the rule.
    as_
        Write the line and all its kin as W3C PROV: prov is PROV-JSON, prov-n is PROV-N.
    as_json
        Print the line as JSON.
    """
    with open_city(folder) as city:
        if as_ is not None:
            statements = statements_of(city.journal, LotId(lot), "forward" if forward else "back")
            text = write_json(statements) if as_ == "prov" else write_provn(statements)
            sys.stdout.buffer.write(text + b"\n")
            return
        line = tracing.trace(
            city.journal,
            LotId(lot),
            "forward" if forward else "back",
            genealogy=lambda: _genealogy(city),
        )
        told = tell_line(city, line)
    if as_json:
        print_json(told)
        return
    _print_line(line, forward=forward)
    _print_discarders(told)


def _print_discarders(told: LotTraced) -> None:
    if told.discarded_by is None:
        out().print(f"It is made of more than {MOST_LOTS} lots: who discarded it is not added up.")
        return
    rows = [
        [one.agent or "nobody in the record", percent(float(Fraction(one.share))), one.share]
        for one in told.discarded_by
    ]
    out().print(table("Who discarded it", ["who", "#share", "#exactly"], rows))


def _print_line(line: tracing.LotLine, *, forward: bool) -> None:
    console = out()
    row = line.lot
    console.print(
        f"[bold]{escape(row.lot)}[/]: {amount(row.units, row.base_unit)} of {escape(row.material)}"
    )
    if line.weighed is not None:
        known = amount(line.weighed.mass_mg, MILLIGRAM)
        pieces = f"{line.weighed.weighed_units:,} of {line.weighed.units:,}"
        console.print(f"Known mass: {known} ({pieces} pieces weighed)")
    columns = ["entry", "happened", "recorded", "by", "what"]
    rows = [
        [str(step.seq), step.occurred_at, step.recorded_at, step.author, step.says]
        for step in line.steps
    ]
    title = "Where it went" if forward else "Where it came from"
    console.print(table(title, columns, rows))
    if line.kin:
        title = "What was made of it" if forward else "What it was made of"
        kin = [[str(one.depth), one.lot, one.of, one.via] for one in line.kin]
        console.print(table(title, ["#steps", "lot", "of" if forward else "for", "by"], kin))
        if line.kin_in_all is not None and line.kin_in_all > len(line.kin):
            console.print(f"These are the {len(line.kin)} nearest of {line.kin_in_all:,} lots.")
    if not line.steps:
        console.print("  Nothing has happened to it since it arrived.")
    for origin in line.origins:
        where = f"{origin.name}, read as '{origin.source}', SHA-256 {origin.sha256}"
        console.print(f"Read from {escape(where)} (entry {origin.seq})", soft_wrap=True)


def verify(
    folder: Path,
    *,
    head: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    as_json: AsJson = False,
) -> int:
    """Recompute the whole record from its first entry; exit with 1 if anything is amiss.

    It must also go on from the newest head that was signed here, and from all that were witnessed.

    Example: bioloom verify nyc --head nyc.head

    Parameters
    ----------
    folder
        The city's folder.
    head
        Heads that somebody holds, from which the record must go on.
    as_json
        Print the verdict as JSON.
    """
    console = err()
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    with open_city(folder) as city, bar as progress:
        held = _held(city, head or [])
        store = city.journal.store
        # Not the journal's head: of a damaged record the last entry may be unreadable.
        last = store.last()
        task = progress.add_task("Verifying", total=0 if last is None else last.seq)
        verdict = verifying.verify(store, told=lambda done: progress.update(task, completed=done))
        problems = [*verdict.problems, *audit(store, held)]
    if as_json:
        answer = VerdictPrinted(
            holds=not problems,
            entries=verdict.entries,
            legs=verdict.legs,
            hash=verdict.hash,
            problems=problems,
        )
        print_json(answer)
        return WANTING if problems else DONE
    console = out()
    for problem in problems:
        console.print(f"[red]{escape(problem.what)}[/]", soft_wrap=True)
    if not problems:
        console.print(
            f"The record holds: {verdict.entries:,} entries and {verdict.legs:,} legs, "
            f"head {verdict.hash}",
            soft_wrap=True,
        )
        return DONE
    console.print(f"[bold red]The record does not hold: {len(problems)} problems.[/]")
    return WANTING


def _held(city: City, files: list[Path]) -> dict[str, str]:
    """The heads that a record must go on from: those given, and the newest that was signed here."""
    held = {f"'{file}'": read_text(file) for file in files}
    newest = Signer(city).newest_head()
    return held if newest is None else {"the newest head signed here": newest} | held
