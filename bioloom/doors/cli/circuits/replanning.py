"""`bioloom circuits replan, moves, accept, veto, lift`: the plan in force, changed least."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.acting import acting_as, put_in_force
from bioloom.doors.answers.plans import told_ended
from bioloom.doors.answers.replanning import (
    MoveTold,
    RevisionInForce,
    RevisionPrinted,
    tell_moves,
    tell_revision,
)
from bioloom.doors.cli.people.deciding import tell_decided
from bioloom.doors.cli.planning import period_between
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsAgent,
    AsJson,
    amount,
    out,
    percent,
    print_json,
    table,
    tonnes,
)
from bioloom.doors.compose import open_city
from bioloom.doors.replanning.acting import (
    period_to_replan,
    propose_replanned,
    replan,
)
from bioloom.doors.replanning.asking import (
    as_if_blockaded,
    as_if_closed,
    as_if_cut,
    as_if_down,
    as_if_surging,
)
from bioloom.doors.replanning.deciding import lift_veto, veto_move
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.disruptions import DisruptionReported
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal

Several = Annotated[list[str] | None, Parameter(consume_multiple=True)]


class OnlyAsked(Refusal):
    """What was only asked about is to be proposed."""

    def __init__(self) -> None:
        super().__init__(
            what="A plan for what has not happened cannot be proposed.",
            why="Whoever adopted it would commit lots around a site that is open.",
            remedy="Report what happened with `bioloom circuits disrupt`, then propose.",
        )


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is tried besides what the record has, on all days of the period.

    Parameters
    ----------
    down
        Sites that take nothing.
    cut
        Sites that have so many thousandths of their room: SITE=PERMILLE.
    road
        Areas from which no site is reached, or one is not: AREA or AREA=SITE.
    blockade
        Agents whose sites nothing is sent to.
    surge
        Areas that offer so many thousandths of what they do: AREA=PERMILLE.
    """

    down: Several = None
    cut: Several = None
    road: Several = None
    blockade: Several = None
    surge: Several = None

    def happened(self, period: Period) -> list[DisruptionReported]:
        """All of it, as if it were reported."""
        return [
            *as_if_down(self.down or (), period),
            *as_if_cut(self.cut or (), period),
            *as_if_closed(self.road or (), period),
            *as_if_blockaded(self.blockade or (), period),
            *as_if_surging(self.surge or (), period),
        ]


_NOTHING = WhatIf()
_NOWHERE = "not placed"


def replan_(
    folder: Path,
    *,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    what_if: WhatIf = _NOTHING,
    propose: Annotated[bool, Parameter(negative="")] = False,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> int:
    """Make the plan in force anew for what is so now, with the least change; or ask what if.

    Where no plan is in force, what changes is told of the plan that would be. Writes nothing,
    unless --propose is given. Exits with 1 if the checker finds a fault in it.

    Example: bioloom circuits replan nyc --down newtown_creek --cut allied=500

    Parameters
    ----------
    folder
        The city's folder.
    from_
        First day; the days of the plan adopted last, or the newest month, unless given.
    to
        Last day.
    what_if
        What is tried besides what the record has.
    propose
        Record the revision as a proposal, which `bioloom circuits accept` puts in force.
    as_
        Which agent proposes; the steward unless given.
    as_json
        Print the revision as JSON.
    """
    with open_city(folder) as city:
        period = period_between(from_, to) or period_to_replan(city)
        happened = what_if.happened(period)
        if propose and happened:
            raise OnlyAsked
        revision = replan(city, period, happened=happened)
        proposed = None
        if propose:
            proposed = propose_replanned(city, revision, author=acting_as(city, as_)).plan
        told = tell_revision(revision, proposed=proposed)
    if as_json:
        print_json(told)
    else:
        _show(told, folder)
    return DONE if told.certificate.checked else WANTING


def moves(folder: Path, plan: str, *, as_json: AsJson = False) -> None:
    """List what a proposed revision moves, and why.

    Example: bioloom circuits moves nyc 2022-11-01_2022-11-30_0a1b2c3d4e

    Parameters
    ----------
    folder
        The city's folder.
    plan
        The proposal's id.
    as_json
        Print the list as JSON.
    """
    with open_city(folder) as city:
        told = tell_moves(city.plans().named(plan).moves)
    if as_json:
        print_json(told)
    else:
        _show_moves(told)


def accept(folder: Path, plan: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Put a revision in force: commitments that it changes end, and new ones are made.

    Example: bioloom circuits accept nyc 2022-11-01_2022-11-30_0a1b2c3d4e

    Parameters
    ----------
    folder
        The city's folder.
    plan
        The proposal's id, as `bioloom circuits replan --propose` printed it.
    as_
        Which agent adopts it; the steward unless given.
    as_json
        Print what ended and what was made as JSON.
    """
    with open_city(folder) as city:
        done = put_in_force(city, plan, author=acting_as(city, as_))
    if as_json:
        print_json(
            RevisionInForce(plan=plan, ended=told_ended(done.ended), commitments=list(done.made))
        )
        return
    mass_mg = sum(made.mass_mg for made in done.made)
    out().print(
        f"In force: {len(done.ended)} commitments ended, {len(done.made)} made over "
        f"{tonnes(mass_mg)} t; all others stand."
    )


def veto(
    folder: Path,
    plan: str,
    *,
    district: str,
    material: str,
    site: str,
    reason: str,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a move of a proposed revision; no plan makes it again until that is lifted.

    Example: bioloom circuits veto nyc 2022-11-01_2022-11-30_0a1b2c3d4e --district 302
        --material organics --site newtown_creek --reason "The bridge bears no lorries."

    Parameters
    ----------
    folder
        The city's folder.
    plan
        The proposal's id.
    district
        Whose material would move.
    material
        Which.
    site
        Where it would go.
    reason
        Why not, in a sentence that everybody may read.
    as_
        Which agent vetoes; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    way = DistrictId(district), MaterialId(material), SiteId(site)
    with open_city(folder) as city:
        entry = veto_move(city, plan, way, reason=reason, by=acting_as(city, as_))
    tell_decided(entry, as_json=as_json)


def lift(
    folder: Path, veto: str, *, reason: str, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Lift a veto, so that the move may be planned again.

    Example: bioloom circuits lift nyc VETO --reason "The bridge is repaired."

    Parameters
    ----------
    folder
        The city's folder.
    veto
        Its name, as `bioloom circuits disruptions` prints it.
    reason
        Why the move may be made now.
    as_
        Which agent lifts it; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    with open_city(folder) as city:
        entry = lift_veto(city, veto, reason=reason, by=acting_as(city, as_))
    tell_decided(entry, as_json=as_json)


def _show(told: RevisionPrinted, folder: Path) -> None:
    console = out()
    base = "the plan that would be" if told.revises is None else f"plan {told.revises}"
    console.print(
        f"[bold]Revision of {escape(base)}[/], {told.period.first} to {told.period.last}: "
        f"{amount(told.moved_mg, MILLIGRAM)} move; "
        f"{told.untouched} of {told.parts} parts untouched",
        soft_wrap=True,
    )
    _show_moves(told.moves)
    rows = [
        [district, percent(one.before), percent(one.after)]
        for district, one in sorted(told.service.items())
    ]
    if rows:
        console.print(table("Service", ["district", "#before", "#after"], rows))
    else:
        console.print("No district is served otherwise.")
    word = "checks" if told.certificate.checked else "DOES NOT CHECK"
    console.print(f"The certificate {word}: largest gap {told.certificate.gap:.1e}.")
    for fault in told.faults:
        console.print(f"[red]{escape(fault)}[/]", soft_wrap=True)
    if told.proposed is not None:
        console.print(f"Proposed as [bold]{escape(told.proposed)}[/]. To put it in force:")
        console.print(f"  bioloom circuits accept {folder} {told.proposed}", soft_wrap=True)


def _show_moves(told: Sequence[MoveTold]) -> None:
    rows = [
        [
            *(one.district, one.material, one.origin or _NOWHERE, one.site or _NOWHERE),
            amount(one.mass_mg, MILLIGRAM),
        ]
        for one in told
    ]
    columns = ["district", "material", "from", "to", "#mass"]
    out().print(table(f"{len(rows)} moves", columns, rows))
    for one in told:
        out().print(f"- {escape(one.reason)}", soft_wrap=True)
