"""`bioloom people grant`, `withdraw`, `join`, `accept`, `leave`, `declare`, in the record."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.people import Decided
from bioloom.doors.cli.printing import out, print_json
from bioloom.doors.compose import open_city
from bioloom.doors.register.deciding import decide
from bioloom.ledger.people import deciding
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.people import Office
from bioloom.vocabulary.agents import AgentId, AgentSort
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.people import Role
from bioloom.vocabulary.periods import read_instant


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """Who decides, since when it is to be so, and how it is told.

    Parameters
    ----------
    since
        When it began or ended, such as 2026-01-31T08:00+01:00; now unless given.
    as_
        Which agent decides; the steward unless given.
    as_json
        Print the entry as JSON.
    """

    since: str | None = None
    as_: Annotated[str | None, Parameter(name="--as")] = None
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False


Scope = str | None
_NOW = How()


def grant(folder: Path, agent: str, role: Role, *, scope: Scope = None, how: How = _NOW) -> None:
    """Give somebody a role: for one commons or organisation, or, as steward, for the whole city.

    Example: bioloom people grant nyc person:4nq7 operator --scope site:digester

    Parameters
    ----------
    folder
        The city's folder.
    agent
        Who gets it, by their id in the record; `bioloom people list` shows them.
    role
        What they may do there; docs/how-to/people.md has the table.
    scope
        The commons, organisation or household it is for; the whole city unless given.
    """
    _decide(folder, how, lambda deed: deciding.grant(AgentId(agent), _at(role, scope), deed=deed))


def withdraw(folder: Path, agent: str, role: Role, *, scope: Scope = None, how: How = _NOW) -> None:
    """Take a role from somebody, or lay down one's own.

    Example: bioloom people withdraw nyc person:4nq7 operator --scope site:digester

    Parameters
    ----------
    folder
        The city's folder.
    agent
        Who has it.
    role
        Which role.
    scope
        What it is for; the whole city unless given.
    """
    _decide(
        folder, how, lambda deed: deciding.withdraw(AgentId(agent), _at(role, scope), deed=deed)
    )


def join(folder: Path, member: str, group: str, *, how: How = _NOW) -> None:
    """Make somebody a member of a household, an organisation or a commons.

    Example: bioloom people join nyc household:7 commons:101

    Parameters
    ----------
    folder
        The city's folder.
    member
        Who joins.
    group
        What they join.
    """
    _decide(folder, how, lambda deed: deciding.join(AgentId(member), AgentId(group), deed=deed))


def accept(folder: Path, member: str, group: str, *, how: How = _NOW) -> None:
    """Give a member's own word for a membership: from now on covenants may bind what they own.

    Until then nothing of theirs is bound. What is bound goes only to others who belong, and nobody
    leaves who owns some of it. The member says so, a household's member, or a group's own steward.

    Example: bioloom people accept nyc household:7 commons:101 --as household:7

    Parameters
    ----------
    folder
        The city's folder.
    member
        Who was let in.
    group
        What they belong to.
    """
    _decide(folder, how, lambda deed: deciding.accept(AgentId(member), AgentId(group), deed=deed))


def leave(folder: Path, member: str, group: str, *, how: How = _NOW) -> None:
    """End a membership; the roles that the member had there end with it.

    Example: bioloom people leave nyc household:7 commons:101 --as household:7

    Parameters
    ----------
    folder
        The city's folder.
    member
        Who leaves.
    group
        What they leave.
    """
    _decide(folder, how, lambda deed: deciding.leave(AgentId(member), AgentId(group), deed=deed))


def declare(
    folder: Path, agent: str, sort: AgentSort, *, name: str | None = None, how: How = _NOW
) -> None:
    """Bring an agent into the record: a person, a household, an organisation, a commons.

    Example: bioloom people declare nyc repair-circle organisation --name "The repair circle"

    Parameters
    ----------
    folder
        The city's folder.
    agent
        Its id; of a person or a household a pseudonym, as the record cannot forget it.
    sort
        What it is.
    name
        What it is called in public; its id unless given. Persons and households have none.
    """
    _decide(
        folder,
        how,
        lambda deed: deciding.declare_agent(
            AgentId(agent), name=name or agent, sort=sort, deed=deed
        ),
    )


def _at(role: Role, scope: Scope) -> Office:
    return Office(role, None if scope is None else AgentId(scope))


def _decide(folder: Path, how: How, deciding_it: Callable[[Deed], Draft[Any]]) -> None:
    occurred_at = None if how.since is None else read_instant(how.since)
    with open_city(folder) as city:
        by = acting_as(city, how.as_)
        (entry,) = decide(city, by, lambda deed: [deciding_it(deed)], occurred_at=occurred_at)
    tell_decided(entry, as_json=how.as_json)


def tell_decided(entry: Entry[Any], *, as_json: bool) -> None:
    """Print the entry by which something was decided."""
    told = Decided(
        seq=entry.seq,
        id=entry.id,
        kind=entry.kind,
        occurred_at=entry.occurred_at,
        author=entry.author,
    )
    if as_json:
        print_json(told)
        return
    text = f"Recorded as entry {told.seq}: {told.kind} at {told.occurred_at}, by {told.author}."
    out().print(escape(text), soft_wrap=True)
