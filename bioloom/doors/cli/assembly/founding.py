"""`bioloom assembly declare`, `list`, `show`, `mandate` and `lay-down`."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.assembly.lifecycle.standing import lifecycle_of
from bioloom.doors.answers.assembly.lifecycle import AssemblyTold, tell_assemblies, tell_assembly
from bioloom.doors.assembly import assemblies
from bioloom.doors.cli.assembly.acting import BY_STEWARD, How, acts
from bioloom.doors.cli.printing import AsJson, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.ledger.people.people import people_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyDeclared, AssemblyId
from bioloom.vocabulary.entries.mandates import Duty, MandateGiven, MandateId
from bioloom.vocabulary.places import DistrictId

From = Annotated[date, Parameter(name="--from")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By which thresholds an assembly decides.

    Parameters
    ----------
    petition
        A petition needs so many thousandths of those who may sign when it starts.
    quorum
        A decision needs so many thousandths of those who may take part.
    majority
        More than so many thousandths of those for and against must be for it.
    may_enact
        What it decides can be a Code of the whole city; only who may enact Codes says so.
    """

    petition: int = 20
    quorum: int = 100
    majority: int = 500
    may_enact: Annotated[bool, Parameter(negative="")] = False


_USUAL = Rules()


def declare(
    folder: Path,
    assembly: str,
    *,
    commons: str,
    title: str,
    place: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    rules: Rules = _USUAL,
    how: How = BY_STEWARD,
) -> None:
    """Declare that a commons decides together; told again, its thresholds are others from then on.

    Example: bioloom assembly declare town hall --commons commons:north --title "The hall"

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        Its name.
    commons
        Whose assembly it is: the persons who belong to it by their own word.
    title
        What it is called.
    place
        The districts that it is about; all that its commons is about unless given.
    rules
        Its thresholds.
    how
        Who declares it.
    """
    body = AssemblyDeclared(
        assembly=AssemblyId(assembly),
        commons=AgentId(commons),
        title=title,
        places=tuple(map(DistrictId, place or ())),
        petition_per_mille=rules.petition,
        quorum_per_mille=rules.quorum,
        majority_per_mille=rules.majority,
        may_enact=rules.may_enact,
    )
    acts(folder, how, lambda city, by: assemblies.declare_assembly(city, by, body))


def mandate(
    folder: Path,
    assembly: str,
    mandate: str,
    *,
    agent: str,
    duty: Annotated[list[Duty], Parameter(consume_multiple=True)],
    from_: From,
    to: date,
    how: How = BY_STEWARD,
) -> None:
    """Trust somebody with duties, as a steward of the commons, until a decision did so.

    Example: bioloom assembly mandate town hall first --agent person:4nq7 --duty facilitate
        --from 2026-01-01 --to 2026-12-31

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        Which assembly trusts them.
    mandate
        A name for the mandate.
    agent
        Who is trusted.
    duty
        With what.
    from_
        The first day.
    to
        The last day.
    how
        Who gives it.
    """
    body = MandateGiven(
        mandate=MandateId(mandate),
        assembly=AssemblyId(assembly),
        agent=AgentId(agent),
        duties=tuple(duty),
        first_day=from_,
        last_day=to,
    )
    acts(folder, how, lambda city, by: assemblies.give_mandate(city, by, body))


def lay_down(folder: Path, assembly: str, mandate: str, *, how: How = BY_STEWARD) -> None:
    """Give one's mandate back.

    Example: bioloom assembly lay-down town hall first --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        Which assembly gave it.
    mandate
        Its name.
    how
        Who gives it back.
    """
    acts(folder, how, lambda city, by: assemblies.lay_down(city, by, assembly, mandate))


def list_(folder: Path, *, as_json: AsJson = False) -> None:
    """List the assemblies of a city, and what each has before it.

    Example: bioloom assembly list town

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        told = tell_assemblies(city, lifecycle_of(city.journal))
    if as_json:
        print_json(told)
        return
    rows = [
        [
            one.declared.assembly,
            one.declared.title,
            str(one.electorate),
            str(len(one.petitions)),
            str(len(one.proposals)),
            str(sum(effect.is_on_agenda for effect in one.effects)),
        ]
        for one in told
    ]
    columns = ["assembly", "title", "#people", "#petitions", "#proposals", "#came back"]
    out().print(table(f"{len(rows)} assemblies", columns, rows))


def show(folder: Path, assembly: str, *, as_json: AsJson = False) -> None:
    """Show an assembly: mandates, petitions, proposals and how far each came, money, effects.

    Example: bioloom assembly show town hall

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        Its name.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        known = lifecycle_of(city.journal)
        told = tell_assembly(city, known.assemblies.named(assembly), known, people_of(city.journal))
    if as_json:
        print_json(told)
        return
    _print(told)


def _print(told: AssemblyTold) -> None:
    console, declared = out(), told.declared
    console.print(
        escape(f"{declared.title} ({declared.assembly}), of {declared.commons}"), soft_wrap=True
    )
    console.print(f"{told.electorate} persons may take part.")
    rows = [
        [one.given.mandate, one.given.agent, ", ".join(one.given.duties), str(one.given.last_day)]
        for one in told.mandates
        if one.is_in_force
    ]
    console.print(table("Mandates in force", ["mandate", "agent", "duties", "until"], rows))
    rows = [
        [one.started.petition, one.started.title, f"{one.signed} of {one.started.needed}"]
        for one in told.petitions
    ]
    console.print(table("Petitions", ["petition", "title", "#signed"], rows))
    rows = [
        [
            one.proposal,
            one.title,
            str(one.version),
            " > ".join(f"{stage.stage} {stage.state}" for stage in one.stages),
        ]
        for one in told.proposals
    ]
    console.print(table("Proposals", ["proposal", "title", "#version", "stages"], rows))
    rows = [
        [one.made.line, str(one.made.amount_minor), str(one.committed_minor), str(one.paid_minor)]
        for one in told.lines
    ]
    columns = ["line", "#minor units", "#promised", "#paid"]
    console.print(table("Budget lines", columns, rows))
