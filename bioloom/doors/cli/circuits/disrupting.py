"""`bioloom circuits disrupt, restore, disruptions`: what stands in the way of plans."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bioloom.circuits.replanning import disrupting
from bioloom.doors.acting import acting_as
from bioloom.doors.answers.replanning import DisruptionListed, DisruptionsListed, tell_disruption
from bioloom.doors.cli.people.deciding import tell_decided
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table, tonnes
from bioloom.doors.compose import open_city
from bioloom.doors.replanning.deciding import decide_now
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.disruptions import (
    Disrupting,
    DisruptionId,
    DisruptionReported,
)
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import SiteId


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """What stands in the way, where and since when.

    Parameters
    ----------
    kind
        Which kind of disruption it is.
    from_
        Its first day.
    to
        Its last day, if that is known.
    reason
        Why, in a sentence that everybody may read.
    site
        The site that is down or cut, or that a road leads to.
    area
        Districts or parts of the city: where a road begins, what is blockaded, or surges.
    agent
        Who blockades.
    group
        The group of materials that alone is cut or surges.
    per_mille
        What is left of the room, or comes of what is expected, in thousandths.
    """

    kind: Disrupting
    from_: Annotated[date, Parameter(name="--from")]
    to: date | None = None
    reason: str
    site: str | None = None
    area: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None
    agent: str | None = None
    group: str | None = None
    per_mille: int = 0


def disrupt(
    folder: Path, disruption: str, *, what: What, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Report that something stands in the way of plans; said twice alike, it is the same.

    Example: bioloom circuits disrupt nyc storm-1 --kind site_down --site newtown_creek
        --from 2022-11-10 --reason "Flooded."

    Parameters
    ----------
    folder
        The city's folder.
    disruption
        A name for it.
    what
        What stands in the way.
    as_
        Which agent reports it; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    body = DisruptionReported(
        disruption=DisruptionId(disruption),
        kind=what.kind,
        first_day=what.from_,
        last_day=what.to,
        reason=what.reason,
        site=None if what.site is None else SiteId(what.site),
        areas=tuple(what.area or ()),
        agent=None if what.agent is None else AgentId(what.agent),
        group=None if what.group is None else GroupId(what.group),
        per_mille=what.per_mille,
    )
    with open_city(folder) as city:
        declared, by = city.journal.declared(), acting_as(city, as_)
        entry = decide_now(
            city, by, lambda deed: disrupting.report(body, declared=declared, deed=deed)
        )
    tell_decided(entry, as_json=as_json)


def restore(
    folder: Path,
    disruption: str,
    *,
    on: date | None = None,
    reason: str,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Record that a disruption had its last day; without one, that it never was.

    Example: bioloom circuits restore nyc storm-1 --on 2022-11-14 --reason "Pumped dry."

    Parameters
    ----------
    folder
        The city's folder.
    disruption
        Its name.
    on
        Its last day; it never was unless given.
    reason
        How it ended.
    as_
        Which agent says so; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    with open_city(folder) as city:
        declared, by = city.journal.declared(), acting_as(city, as_)
        entry = decide_now(
            city,
            by,
            lambda deed: disrupting.end(
                disruption, on, reason=reason, declared=declared, deed=deed
            ),
        )
    tell_decided(entry, as_json=as_json)


def disruptions(folder: Path, *, as_json: AsJson = False) -> None:
    """List what stands or stood in the way of plans, and the vetoes that stand.

    Example: bioloom circuits disruptions nyc

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print the lists as JSON.
    """
    with open_city(folder) as city:
        known = city.journal.declared().disruptions
        listed = [tell_disruption(one) for one in known.reported.values()]
    if as_json:
        print_json(DisruptionsListed(disruptions=listed, vetoes=list(known.vetoes.values())))
        return
    rows = [[one.disruption, one.kind, _where(one), _days(one), one.reason] for one in listed]
    columns = ["disruption", "kind", "where", "days", "reason"]
    out().print(table(f"{len(rows)} disruptions", columns, rows))
    vetoes = [[one.veto, tonnes(one.most_mg), one.reason] for one in known.vetoes.values()]
    out().print(table(f"{len(vetoes)} vetoes", ["veto", "#at most t", "reason"], vetoes))


def _where(one: DisruptionListed) -> str:
    return ", ".join([*one.areas, *(name for name in (one.site, one.agent) if name is not None)])


def _days(one: DisruptionListed) -> str:
    if one.never_was:
        return "never was"
    return f"from {one.first_day}" + ("" if one.last_day is None else f" to {one.last_day}")
