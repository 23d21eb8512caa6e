"""`bioloom plan` and `bioloom circuits`: planning a period, proposing and adopting."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bioloom.circuits.planning import Plan, plan_json
from bioloom.doors.acting import acting_as, propose_plan, put_in_force
from bioloom.doors.answers.plans import PlanInForce, PlanPrinted, ProposalListed, told_ended
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsAgent,
    AsJson,
    out,
    percent,
    print_json,
    table,
    tonnes,
)
from bioloom.doors.cli.weeks import WeeksNotProposed, plan_weeks
from bioloom.doors.codes.bringing import read_trial
from bioloom.doors.compose import City, open_city
from bioloom.ledger.declared import Declared
from bioloom.ledger.inventory import cut_heaps
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal


class PeriodIncomplete(Refusal):
    """A period with one end only."""

    def __init__(self) -> None:
        super().__init__(
            what="A period needs both --from and --to.",
            why="Guessing the other end would plan days you did not mean.",
            remedy="Give both, or neither for the newest month.",
        )


def plan(
    folder: Path,
    *,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    without: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    weeks: int | None = None,
    with_code: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    without_code: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    backlog: Annotated[bool, Parameter(negative="")] = False,
    propose: Annotated[bool, Parameter(negative="")] = False,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> int:
    """Plan where every material of a period goes: as fair as can be, then as near as can be.

    Writes nothing, unless --propose is given. Exits with 1 if the checker finds a fault in it.

    Example: bioloom plan nyc --from 2022-11-01 --to 2022-11-30 --without newtown_creek

    Parameters
    ----------
    folder
        The city's folder.
    from_
        First day; the newest month with records unless given.
    to
        Last day.
    without
        Sites to leave out, to see what follows.
    weeks
        Plan so many weeks after those days, expecting each day to be as their mean day. Without
        days: after the newest day that is known, as `bioloom circuits forecast` expects them. What
        plans in force have committed of these weeks stays as it is.
    with_code
        Files of Codes to try as if they were in force, to see what follows.
    without_code
        Codes to leave out, to see what follows.
    backlog
        Plan what districts still hold from before, too.
    propose
        Record the plan as a proposal, which `bioloom circuits adopt` can put in force.
    as_
        Which agent proposes; the steward unless given.
    as_json
        Print the plan as JSON.
    """
    with open_city(folder) as city:
        left_out, period = [SiteId(site) for site in without or []], period_between(from_, to)
        if weeks is not None:
            if propose:
                raise WeeksNotProposed
            return plan_weeks(
                city, weeks, period, without=left_out, backlog=backlog, as_json=as_json
            )
        trial = read_trial(city, with_code or [], without_code or [])
        made = city.plan(period, without=left_out, backlog=backlog, trial=trial)
        notes = _notes(city, made)
        author = acting_as(city, as_) if propose else None
        proposed = None if author is None else propose_plan(city, made, author=author).plan
        if as_json:
            parts = plan_json(made) | {"proposed": proposed, "notes": notes}
            print_json(msgspec.convert(parts, PlanPrinted))
        else:
            _show(city, made, out())
            _show_what_follows(folder, notes, proposed, out())
    return DONE if made.checked else WANTING


def proposals(folder: Path, *, as_json: AsJson = False) -> None:
    """List the plans that were proposed, and which are in force.

    Example: bioloom circuits plans nyc

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print the list as JSON.
    """
    with open_city(folder) as city:
        known = city.plans()
    listed = [
        ProposalListed(
            plan=name,
            first=proposed.first_day,
            last=proposed.last_day,
            placed_mg=sum(flow.mass_mg for flow in proposed.flows),
            unmet_mg=sum(unmet.mass_mg for unmet in proposed.unmet),
            in_force=name in known.in_force,
            adopted=name in known.adopted,
            outdated=name in known.outdated,
        )
        for name, proposed in known.proposed.items()
    ]
    if as_json:
        print_json(listed)
        return
    rows = [
        [
            one.plan,
            str(Period(first=one.first, last=one.last)),
            tonnes(one.placed_mg),
            tonnes(one.unmet_mg),
            _state(one),
        ]
        for one in listed
    ]
    columns = ["plan", "period", "#placed t", "#unmet t", "state"]
    out().print(table(f"{len(rows)} plans", columns, rows))


def adopt(folder: Path, plan: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Put a proposed plan in force: a commitment of lots for each of its flows.

    Where a plan for the same days is in force, its commitments stand as far as both bring the same;
    the others end, but for what a team has under way.

    Example: bioloom circuits adopt nyc 2022-11-01_2022-11-30_0a1b2c3d4e

    Parameters
    ----------
    folder
        The city's folder.
    plan
        The proposal's id, as `bioloom plan --propose` printed it.
    as_
        Which agent adopts it; the steward unless given.
    as_json
        Print the commitments as JSON.
    """
    with open_city(folder) as city:
        done = put_in_force(city, plan, author=acting_as(city, as_))
    if as_json:
        print_json(
            PlanInForce(plan=plan, ended=told_ended(done.ended), commitments=list(done.made))
        )
        return
    mass_mg = sum(commitment.mass_mg for commitment in done.made)
    ended = f" {len(done.ended)} ended." if done.ended else ""
    out().print(f"In force: {len(done.made)} commitments over {tonnes(mass_mg)} t.{ended}")


def _state(one: ProposalListed) -> str:
    if not one.in_force:
        return "was in force, replaced" if one.adopted else "proposed"
    return "in force, but figures have changed" if one.outdated else "in force"


def period_between(first: date | None, last: date | None) -> Period | None:
    """The period of two days; none where neither is given.

    Raises:
        PeriodIncomplete: If only one is.
    """
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise PeriodIncomplete
    return Period(first=first, last=last)


def _notes(city: City, made: Plan) -> list[str]:
    cut = cut_heaps(city.journal, made.period, city.settings.zone)
    if not cut:
        return []
    return [
        f"{cut} heaps were gathered partly outside {made.period}. A heap counts as a whole on its "
        "last day: plan whole months to be exact."
    ]


def _show(city: City, made: Plan, console: Console) -> None:
    declared = city.journal.declared()
    console.print(f"[bold]Plan for {made.period}[/], modelled from the figures of the record")
    if made.without:
        console.print(f"Without {escape(', '.join(made.without))}")
    if not made.service:
        console.print("Nothing was offered in this period.")
        return
    console.print(_balance(made, declared))
    sites = [
        [
            load.site,
            declared.sites[load.site].name,
            tonnes(load.mass_mg),
            tonnes(load.capacity_mg),
            tonnes(load.residue_mg),
        ]
        for load in made.loads
    ]
    console.print(table("Sites", ["site", "name", "#takes t", "#has room t", "#residue t"], sites))
    _show_what_waits_or_goes_on(made, declared, console)
    reasons = [
        [
            district,
            declared.districts[district].name,
            percent(made.service[district]),
            reason,
        ]
        for district, reason in sorted(made.reasons.items())
        if district in made.service
    ]
    console.print(table("Districts", ["district", "name", "#placed", "why"], reasons))
    _show_codes(made, console)
    word = "checks" if made.checked else "DOES NOT CHECK"
    console.print(f"The certificate {word}: largest gap {made.gap:.1e} over all stages.")
    for fault in made.faults:
        console.print(f"[red]{escape(fault)}[/]", soft_wrap=True)


def _show_what_follows(
    folder: Path, notes: list[str], proposed: str | None, console: Console
) -> None:
    for note in notes:
        console.print(f"Note: {escape(note)}", soft_wrap=True)
    if proposed is not None:
        console.print(f"Proposed as [bold]{escape(proposed)}[/]. To put it in force:")
        console.print(f"  bioloom circuits adopt {folder} {proposed}", soft_wrap=True)


def _show_codes(made: Plan, console: Console) -> None:
    if made.tried_codes:
        console.print(f"As if it were otherwise with {escape(', '.join(made.tried_codes))}")
    if not made.codes:
        return
    rows = [
        [
            one.code,
            str(one.version),
            one.title,
            "" if one.more_unmet_mg is None else tonnes(one.more_unmet_mg),
            "" if one.more_t_km is None else f"{one.more_t_km:,.1f}",
        ]
        for one in made.codes
    ]
    columns = ["code", "#version", "title", "#more not placed t", "#more t km"]
    console.print(table("Codes kept, and what each costs", columns, rows))


def _show_what_waits_or_goes_on(made: Plan, declared: Declared, console: Console) -> None:
    stored, onward = made.movements.stored, made.movements.onward
    if stored:
        waits = [
            [
                declared.districts[kept.district].name,
                declared.materials[kept.material].name,
                tonnes(kept.mass_mg),
            ]
            for kept in stored
        ]
        console.print(table("Stored when the period ends", ["where", "material", "#t"], waits))
    if onward:
        goes = [
            [
                declared.sites[move.origin].name,
                declared.materials[move.material].name,
                declared.sites[move.site].name,
                tonnes(move.mass_mg),
            ]
            for move in onward
        ]
        console.print(table("From site to site", ["from", "material", "to", "#t"], goes))


def _balance(made: Plan, declared: Declared) -> Table:
    placed: defaultdict[MaterialId, int] = defaultdict(int)
    unmet: defaultdict[MaterialId, int] = defaultdict(int)
    for flow in made.flows:
        placed[flow.material] += flow.mass_mg
    for rest in made.short:
        unmet[rest.material] += rest.mass_mg
    rows = [
        [
            declared.materials[material].name,
            tonnes(placed[material] + unmet[material]),
            tonnes(placed[material]),
            tonnes(unmet[material]),
            percent(placed[material] / (placed[material] + unmet[material])),
        ]
        for material in sorted(placed.keys() | unmet.keys())
    ]
    columns = ["material", "#offered t", "#placed t", "#not placed t", "#placed"]
    return table("Balance", columns, rows)
