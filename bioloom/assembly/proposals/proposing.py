"""Proposing: who may draft and revise a proposal, alone or with others, and what it may say."""

from collections.abc import Iterable
from typing import NamedTuple

from bioloom.assembly.mandates.giving import against_terms, known_mandate
from bioloom.assembly.mandates.meeting import Meeting
from bioloom.assembly.mandates.refusing import (
    LONGEST_LANGUAGE,
    LONGEST_NAME,
    AssemblyAmiss,
    NotInAssembly,
    see_text,
)
from bioloom.assembly.petitions.standing import Petition
from bioloom.assembly.proposals.standing import Proposal, Proposals
from bioloom.ledger.codes.enacting import see_that_can_be
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.proposals import (
    CoAuthorAccepted,
    CoAuthorInvited,
    Draught,
    EffectId,
    EnactsCode,
    ExpectsEffect,
    FundsLine,
    GivesMandate,
    Measure,
    ProposalDrafted,
    ProposalId,
    ProposalRevised,
    RecallsMandate,
)
from bioloom.vocabulary.quantities import LARGEST_MG

MOST_MEASURES = 50
# A thousand times what a large city spends in a year, in cents; it stays far below 2**53.
LARGEST_MINOR = 10**15


class Answers(NamedTuple):
    """What a proposal answers: a petition that has enough behind it, an item of the agenda."""

    petition: Petition | None = None
    item: EffectId | None = None


NO_ANSWERS = Answers()


def draft_proposal(
    name: str,
    draught: Draught,
    known: Proposals,
    meeting: Meeting,
    *,
    declared: Declared,
    salt_sha256: str,
    answers: Answers = NO_ANSWERS,
) -> Draft[ProposalDrafted]:
    """Decide that somebody proposes something.

    Args:
        name: Its name.
        draught: What it says.
        known: All proposals.
        meeting: The assembly, and who proposes.
        declared: The city's places and materials.
        salt_sha256: Under which the salt of its pseudonyms is kept.
        answers: What it answers.

    Raises:
        NotElector: If they do not belong to the assembly.
        AssemblyAmiss: If it cannot be as it is told.
        NotInAssembly: If it names a mandate that there is not.
        CodeAmiss, CodeNamesUnknown: If a Code of it cannot be.
    """
    meeting.see_elector()
    see_text(name, name, longest=LONGEST_NAME, what="its name")
    if ProposalId(name) in known.by_id:
        raise AssemblyAmiss(about=name, found="there is a proposal of that name")
    petition = answers.petition
    if petition is not None:
        _see_behind(petition, meeting)
    see_draught(name, draught, meeting, declared)
    body = ProposalDrafted(
        proposal=ProposalId(name),
        assembly=AssemblyId(meeting.name),
        draught=draught,
        salt_sha256=salt_sha256,
        petition=None if petition is None else petition.started.petition,
        item=answers.item,
    )
    return meeting.draft(body, f"proposal:{name}")


def revise_proposal(
    proposal: Proposal, draught: Draught, reason: str, meeting: Meeting, declared: Declared
) -> Draft[ProposalRevised]:
    """Decide that an author says a proposal anew.

    Raises:
        AssemblyAmiss: If who acts is no author of it, or it was decided, or nothing is new.
        NotInAssembly, CodeAmiss, CodeNamesUnknown: As `draft_proposal`.
    """
    name = proposal.drafted.proposal
    see_author(proposal, meeting)
    see_undecided(proposal)
    see_text(name, reason, longest=LONGEST_NAME * 10, what="the reason of its new version")
    if draught == proposal.newest.draught:
        raise AssemblyAmiss(about=name, found="its newest version says the same")
    see_draught(name, draught, meeting, declared)
    number = proposal.number + 1
    body = ProposalRevised(proposal=name, version=number, draught=draught, reason=reason)
    return meeting.draft(body, f"proposal:{name}:{number}")


def invite_co_author(proposal: Proposal, who: AgentId, meeting: Meeting) -> Draft[CoAuthorInvited]:
    """Decide that an author asks somebody of the assembly to write with them.

    Raises:
        AssemblyAmiss: If who acts is no author, or the other one is already, or is asked.
        NotElector: If the other one does not belong to the assembly.
    """
    name = proposal.drafted.proposal
    see_author(proposal, meeting)
    see_undecided(proposal)
    meeting.see_elector(who)
    if who in proposal.authors or who in proposal.invited:
        raise AssemblyAmiss(about=name, found=f"'{who}' is an author, or was asked")
    body = CoAuthorInvited(proposal=name, who=who)
    return meeting.draft(body, f"proposal:{name}:invited:{who}")


def accept_co_authorship(proposal: Proposal, meeting: Meeting) -> Draft[CoAuthorAccepted]:
    """Decide that who was asked writes a proposal with its authors.

    Raises:
        AssemblyAmiss: If nobody asked them.
    """
    name, by = proposal.drafted.proposal, meeting.deed.by
    see_undecided(proposal)
    if by not in proposal.invited:
        raise AssemblyAmiss(about=name, found=f"no author of it asked '{by}'")
    body = CoAuthorAccepted(proposal=name, who=by)
    return meeting.draft(body, f"proposal:{name}:author:{by}")


def see_author(proposal: Proposal, meeting: Meeting) -> None:
    """Return if who acts is an author of a proposal.

    Raises:
        AssemblyAmiss: If they are not.
    """
    by = meeting.deed.by
    if by not in proposal.authors:
        raise AssemblyAmiss(about=proposal.drafted.proposal, found=f"'{by}' is no author of it")


def see_undecided(proposal: Proposal) -> None:
    """Return if a proposal was not decided.

    Raises:
        AssemblyAmiss: If it was.
    """
    decided = proposal.decided
    if decided is not None:
        found = f"it was {decided.outcome} by decision '{decided.decision}'"
        raise AssemblyAmiss(about=proposal.drafted.proposal, found=found)


def see_draught(name: str, draught: Draught, meeting: Meeting, declared: Declared) -> None:
    """See that what a proposal says can be, and could be carried out.

    Raises:
        AssemblyAmiss, NotInAssembly, CodeAmiss, CodeNamesUnknown: As `draft_proposal`.
    """
    see_text(name, draught.title, longest=LONGEST_NAME, what="its title")
    see_text(name, draught.language, longest=LONGEST_LANGUAGE, what="its language")
    see_text(name, draught.text)
    funded = sum(one.amount_minor for one in draught.measures if isinstance(one, FundsLine))
    checks = (
        (not 0 <= draught.cost_minor <= LARGEST_MINOR, "its cost is out of range"),
        (funded > draught.cost_minor, f"its lines come to {funded}, more than what it costs"),
        (len(draught.measures) > MOST_MEASURES, f"it does more than {MOST_MEASURES} things"),
        (
            len(draught.places) + len(draught.codes) + len(draught.lots) > 10 * MOST_MEASURES,
            "it touches more than anybody can look through",
        ),
    )
    for is_so, found in checks:
        if is_so:
            raise AssemblyAmiss(about=name, found=found)
    _see_declared(name, "district", draught.places, declared.districts)
    for measure in draught.measures:
        _see_measure(name, measure, meeting, declared)


def _see_measure(name: str, measure: Measure, meeting: Meeting, declared: Declared) -> None:
    found: str | None = None
    match measure:
        case EnactsCode(code=code):
            if not meeting.assembly.declared.may_enact:
                found = f"'{meeting.name}' was not declared as one that may enact Codes"
            else:
                see_that_can_be(code, declared)
        case FundsLine():
            see_text(name, measure.title, longest=LONGEST_NAME, what="the title of a line")
            found = None if measure.amount_minor > 0 else "a line of it is of nothing"
        case GivesMandate():
            found = against_terms(measure, meeting.deed.people)
        case RecallsMandate():
            known = known_mandate(meeting.assembly, measure.mandate)
            see_text(name, measure.reason, longest=LONGEST_NAME * 10, what="a reason")
            found = None if known.is_in_force(meeting.today) else "a mandate of it is over"
        case ExpectsEffect():
            found = _against_effect(name, measure, declared)
    if found is not None:
        raise AssemblyAmiss(about=name, found=found)


def _against_effect(name: str, effect: ExpectsEffect, declared: Declared) -> str | None:
    see_text(name, effect.title, longest=LONGEST_NAME, what="the title of an effect")
    _see_declared(name, "district", effect.districts, declared.districts)
    _see_declared(name, "material", effect.materials, declared.materials)
    if not effect.districts or not effect.materials:
        return "an effect of it names no district, or no material"
    if not 0 <= effect.target_mg <= LARGEST_MG:
        return "the mass of an effect is out of range"
    return "an effect of it ends before it begins" if effect.last_day < effect.first_day else None


def _see_declared(name: str, word: str, named: Iterable[str], known: Iterable[str]) -> None:
    unknown = set(named).difference(known)
    if unknown:
        raise AssemblyAmiss(about=name, found=f"there is no {word} '{min(unknown)[:80]}'")


def _see_behind(petition: Petition, meeting: Meeting) -> None:
    started = petition.started
    if started.assembly != meeting.name:
        raise NotInAssembly(word=f"petition of '{meeting.name}'", name=started.petition)
    counted = petition.counted(meeting.commons, meeting.deed.people)
    if counted < started.needed:
        found = f"{counted} signed it, and it needs {started.needed}"
        raise AssemblyAmiss(about=started.petition, found=found)
