"""`bioloom assembly petition`, `sign`, `propose`, `revise` and `proposal`; objections to one."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.markup import escape

from bioloom.assembly.lifecycle.standing import lifecycle_of
from bioloom.assembly.petitions.petitioning import Words
from bioloom.assembly.proposals.differing import difference
from bioloom.doors.answers.assembly.lifecycle import ProposalTold, tell_proposal
from bioloom.doors.assembly import assemblies
from bioloom.doors.assembly.assemblies import Proposing, read_draught
from bioloom.doors.assembly.deliberations import close_objection, object_to
from bioloom.doors.assembly.floor import Written
from bioloom.doors.cli.assembly.acting import BY_STEWARD, How, acts, speaks
from bioloom.doors.cli.printing import AsJson, out, print_json
from bioloom.doors.compose import open_city
from bioloom.doors.register.opening import open_register
from bioloom.vocabulary.agents import AgentId

Flag = Annotated[bool, Parameter(negative="")]


def petition(
    folder: Path,
    assembly: str,
    petition: str,
    *,
    title: str,
    text: str,
    language: str = "en",
    how: How = BY_STEWARD,
) -> None:
    """Ask an assembly to deliberate; it does, once enough stand behind it.

    Example: bioloom assembly petition town hall shade --title "Shade" --text "We want trees."
        --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        Whom to ask.
    petition
        A name for it.
    title
        What it is called.
    text
        What is asked for.
    language
        The language of its text.
    how
        Who asks.
    """
    words = Words(title, text, language)
    acts(
        folder,
        how,
        lambda city, by: assemblies.start_petition(city, by, assembly, petition, words),
    )


def sign(folder: Path, petition: str, *, take_back: Flag = False, how: How = BY_STEWARD) -> None:
    """Stand behind a petition by one's own word, or take it back.

    Example: bioloom assembly sign town shade --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    petition
        Its name.
    take_back
        Take one's word back.
    how
        Who signs.
    """
    acts(
        folder,
        how,
        lambda city, by: assemblies.sign(city, by, petition, takes_back=take_back),
    )


def propose(
    folder: Path,
    assembly: str,
    proposal: str,
    file: Path,
    *,
    petition: str | None = None,
    item: str | None = None,
    how: How = BY_STEWARD,
) -> None:
    """Propose something to an assembly, with its cost, places, and all that it would do.

    Example: bioloom assembly propose town hall trees trees.toml --petition shade --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        To whom.
    proposal
        A name for it.
    file
        What it says, in TOML.
    petition
        The petition that it answers.
    item
        The missed effect on the agenda that it answers.
    how
        Who proposes it.
    """
    told = Proposing(
        assembly=assembly,
        name=proposal,
        draught=read_draught(file),
        petition=petition,
        item=item,
    )
    speaks(folder, how, lambda one: assemblies.propose(one.city, one.register, one.by, told))


def revise(folder: Path, proposal: str, file: Path, *, reason: str, how: How = BY_STEWARD) -> None:
    """Say a proposal of one's own anew: its next version.

    Example: bioloom assembly revise town trees nine.toml --reason "A pipe is in the way."
        --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        Its name.
    file
        What it says now, in TOML.
    reason
        Why it is said anew.
    how
        Who revises it: one of its authors.
    """
    draught = read_draught(file)
    acts(folder, how, lambda city, by: assemblies.revise(city, by, proposal, draught, reason))


def invite(folder: Path, proposal: str, who: str, *, how: How = BY_STEWARD) -> None:
    """Ask somebody to write a proposal together.

    Example: bioloom assembly invite town trees person:7zpk --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        Its name.
    who
        Who is asked.
    how
        Who asks: one of its authors.
    """
    acts(folder, how, lambda city, by: assemblies.invite(city, by, proposal, AgentId(who)))


def accept(folder: Path, proposal: str, *, how: How = BY_STEWARD) -> None:
    """Write a proposal with those who asked.

    Example: bioloom assembly accept town trees --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        Its name.
    how
        Who was asked.
    """
    acts(folder, how, lambda city, by: assemblies.accept(city, by, proposal))


def object_(
    folder: Path, proposal: str, text: str, *, language: str = "en", how: How = BY_STEWARD
) -> None:
    """Object to the newest version of a proposal: no decision while the objection is open.

    Example: bioloom assembly object town trees "The square needs light." --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        Its name.
    text
        Why; the register keeps it, and the record its hash.
    language
        The language of the text.
    how
        Who objects; the record has a pseudonym.
    """
    speaks(folder, how, lambda one: object_to(one, proposal, Written(text, language)))


def answer(
    folder: Path, proposal: str, objection: str, text: str, *, how: How = BY_STEWARD
) -> None:
    """Answer an objection to a proposal of one's own, in public.

    Example: bioloom assembly answer town trees trees:1 "Birches let it through." --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        Its name.
    objection
        Its number, such as trees:1.
    text
        The answer.
    how
        Who answers: one of the authors.
    """
    acts(folder, how, lambda city, by: assemblies.answer(city, by, proposal, objection, text))


def settle(
    folder: Path,
    proposal: str,
    objection: str,
    *,
    dissent: Flag = False,
    how: How = BY_STEWARD,
) -> None:
    """Say that one's objection is settled; or keep one that was answered on record as dissent.

    Example: bioloom assembly settle town trees trees:1 --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        Its name.
    objection
        Its number, such as trees:1.
    dissent
        Keep it as dissent: who raised it may, or somebody who facilitates and is no author.
    how
        Who says so.
    """
    kept: Literal["dissent", "settled"] = "dissent" if dissent else "settled"
    speaks(folder, how, lambda one: close_objection(one, proposal, objection, kept))


def proposal(folder: Path, proposal: str, *, as_json: AsJson = False) -> None:
    """Show a proposal: its versions and their difference, its objections, and how far it came.

    Example: bioloom assembly proposal town trees

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        Its name.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city, open_register(city) as register:
        known = lifecycle_of(city.journal)
        told = tell_proposal(known.proposals.named(proposal), known, register)
    if as_json:
        print_json(told)
        return
    _print(told)


def _print(told: ProposalTold) -> None:
    console, newest = out(), told.versions[-1].draught
    console.print(f"[bold]{escape(newest.title)}[/] ({escape(told.proposal)})", soft_wrap=True)
    console.print(newest.text, markup=False, soft_wrap=True)
    console.print(f"Costs {newest.cost_minor} minor units. By {', '.join(told.authors)}.")
    console.print(" > ".join(f"{one.stage} {one.state}" for one in told.stages), soft_wrap=True)
    for before, after in zip(told.versions, told.versions[1:], strict=False):
        console.print(f"Version {after.number}: {escape(after.reason)}", soft_wrap=True)
        for line in difference(before.draught, after.draught):
            if line.sign != "same":
                sign = "+" if line.sign == "new" else "-"
                console.print(f"  {sign} {line.text}", markup=False, soft_wrap=True)
    for one in told.objections:
        text = "(forgotten)" if one.text is None else one.text
        console.print(f"Objection {one.objection}, {one.state}: {text}", markup=False)
        for said in one.answers:
            console.print(f"  {said}", markup=False, soft_wrap=True)
    for decision in told.decisions:
        console.print(
            f"Decision {decision.decision}: {decision.outcome}, {decision.approving} for, "
            f"{decision.against} against, of {decision.electorate}; quorum {decision.quorum}.",
            markup=False,
        )
