"""Objecting: each objection is answered, settled by a new version, or kept as dissent."""

from typing import Literal

from bioloom.assembly.mandates.meeting import Kept, Meeting
from bioloom.assembly.mandates.refusing import (
    LONGEST_LANGUAGE,
    AssemblyAmiss,
    known_as,
    see_text,
)
from bioloom.assembly.proposals.proposing import see_author, see_undecided
from bioloom.assembly.proposals.standing import Objection, Proposal
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.proposals import (
    ObjectionAnswered,
    ObjectionClosed,
    ObjectionId,
    ObjectionRaised,
)


def see_may_object(proposal: Proposal, participant: str, meeting: Meeting) -> None:
    """Return if somebody may object to the newest version of a proposal.

    Raises:
        NotElector: If they do not belong to the assembly.
        AssemblyAmiss: If it was decided, or an objection of theirs is open.
    """
    meeting.see_elector()
    see_undecided(proposal)
    if any(one.raised.participant == participant for one in proposal.open_objections):
        found = "an objection of theirs is open; it can say all there is"
        raise AssemblyAmiss(about=proposal.drafted.proposal, found=found)


def raise_objection(
    proposal: Proposal, participant: str, kept: Kept, meeting: Meeting
) -> Draft[ObjectionRaised]:
    """Decide that somebody objects; who, stands in it by a pseudonym.

    Raises:
        NotElector, AssemblyAmiss: As `see_may_object`.
    """
    see_may_object(proposal, participant, meeting)
    name = proposal.drafted.proposal
    see_text(name, kept.language, longest=LONGEST_LANGUAGE, what="the language")
    body = ObjectionRaised(
        objection=ObjectionId(f"{name}:{len(proposal.objections) + 1}"),
        proposal=name,
        version=proposal.number,
        participant=participant,
        text_sha256=kept.sha256,
        language=kept.language,
    )
    return meeting.draft(body, f"objection:{body.objection}", hidden=True)


def answer_objection(
    proposal: Proposal, objection: str, text: str, meeting: Meeting
) -> Draft[ObjectionAnswered]:
    """Decide that an author answers an objection in public.

    Raises:
        NotInAssembly: If there is no such objection.
        AssemblyAmiss: If who acts is no author, or it is closed.
    """
    see_author(proposal, meeting)
    see_undecided(proposal)
    known = _open(proposal, objection)
    see_text(objection, text, what="the answer")
    name, raised = proposal.drafted.proposal, known.raised
    body = ObjectionAnswered(objection=raised.objection, proposal=name, text=text)
    return meeting.draft(body, f"objection:{objection}:answer:{len(known.answers) + 1}")


def close_objection(
    proposal: Proposal,
    objection: str,
    how: Literal["settled", "dissent"],
    participant: str,
    meeting: Meeting,
) -> Draft[ObjectionClosed]:
    """Decide that an objection stands in the way no longer.

    It is settled only by the word of who raised it. Answered once, it is kept as dissent by theirs
    too, or by somebody who facilitates and is no author of the proposal.

    Raises:
        NotInAssembly: If there is no such objection.
        NotMandated: If somebody else would keep it as dissent, who does not facilitate.
        AssemblyAmiss: If it is closed, is nobody's answer yet, or who acts is an author.
    """
    see_undecided(proposal)
    known = _open(proposal, objection)
    is_own = known.raised.participant == participant
    if how == "settled" and not is_own:
        raise AssemblyAmiss(about=objection, found="only who raised it says that it is settled")
    if how == "dissent" and not known.answers:
        raise AssemblyAmiss(about=objection, found="no author has answered it yet")
    if not is_own:
        meeting.see_duty("facilitate")
        if meeting.deed.by in proposal.authors:
            raise AssemblyAmiss(about=objection, found="an author does not judge it")
    body = ObjectionClosed(
        objection=known.raised.objection, proposal=proposal.drafted.proposal, how=how
    )
    return meeting.draft(body, f"objection:{objection}:closed", hidden=is_own)


def _open(proposal: Proposal, objection: str) -> Objection:
    known = known_as("objection", objection, proposal.objections)
    if not known.is_open:
        raise AssemblyAmiss(about=objection, found=f"it is closed: {known.state}")
    return known
