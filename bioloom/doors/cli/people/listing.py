"""`bioloom people list`: who is in the record, where they belong, and what they may do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.people import AgentListed, OfficeTold
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table
from bioloom.doors.compose import now, open_city
from bioloom.doors.register.opening import open_register
from bioloom.ledger.people.people import Office, People, people_of
from bioloom.ledger.people.reading import may_see
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant, read_instant


def list_(
    folder: Path,
    *,
    group: str | None = None,
    on: str | None = None,
    known_at: Annotated[str | None, Parameter(name="--known-at")] = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """List agents with their groups and roles: as they were at one time, as known at another.

    Persons and households are shown to stewards of where they belong, and to themselves.

    Example: bioloom people list nyc --group commons:101 --on 2026-01-31T12:00Z

    Parameters
    ----------
    folder
        The city's folder.
    group
        Only who belongs to this one, by way of others too.
    on
        When it was so; now unless given.
    known_at
        As the record said at that time; as it says now unless given.
    as_
        Which agent looks; the steward unless given.
    as_json
        Print the list as JSON.
    """
    at = now()
    when = at if on is None else read_instant(on)
    known = None if known_at is None else read_instant(known_at)
    with open_city(folder) as city, open_register(city) as register:
        viewer, people = acting_as(city, as_), people_of(city.journal)
        names = city.journal.declared().agents | register.names()
        listed = [
            _listed(agent, people, names, on=when, known_at=known)
            for agent in sorted(people.agents)
            if may_see(viewer, agent, people, at=at)
        ]
    if group is not None:
        listed = [one for one in listed if AgentId(group) in one.groups]
    if as_json:
        print_json(listed)
        return
    rows = [
        [
            one.agent,
            one.sort,
            one.name or "",
            ", ".join(f"{it} (no word yet)" if it in one.unanswered else it for it in one.groups),
            ", ".join(str(Office(told.role, told.scope)) for told in one.roles),
        ]
        for one in listed
    ]
    out().print(table(f"{len(rows)} agents", ["agent", "sort", "name", "belongs to", "is"], rows))


def _listed(
    agent: AgentId,
    people: People,
    names: Mapping[AgentId, str],
    *,
    on: Instant,
    known_at: Instant | None,
) -> AgentListed:
    offices = people.offices_of(agent, on=on, known_at=known_at)
    return AgentListed(
        agent=agent,
        sort=people.agents[agent],
        name=names.get(agent),
        groups=sorted(people.groups_of(agent, on=on, known_at=known_at)),
        unanswered=people.unanswered(agent, on=on, known_at=known_at),
        roles=[
            OfficeTold(role=office.role, scope=office.scope) for office in sorted(offices, key=str)
        ],
    )
