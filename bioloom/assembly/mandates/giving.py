"""Giving: who may declare an assembly, give its first mandates, and lay one down."""

from datetime import timedelta

from bioloom.assembly.mandates.meeting import Meeting
from bioloom.assembly.mandates.refusing import LONGEST_NAME, AssemblyAmiss, known_as, see_text
from bioloom.assembly.mandates.standing import Assemblies, Assembly, Mandate
from bioloom.ledger.people.deciding import AheadOfTime, Deed
from bioloom.ledger.people.people import People
from bioloom.ledger.people.permitting import THE_CITY, About, may
from bioloom.vocabulary.entries.assemblies import AssemblyDeclared
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.mandates import (
    MandateGiven,
    MandateLaidDown,
)
from bioloom.vocabulary.entries.proposals import GivesMandate

# No duty is given for longer, so that it is given anew.
LONGEST_MANDATE = timedelta(days=2 * 366)
_WHOLE = 1000


def declare_assembly(
    body: AssemblyDeclared, known: Assemblies, *, deed: Deed
) -> Draft[AssemblyDeclared]:
    """Decide that a commons decides together, or by which other thresholds from now on.

    Raises:
        NotPermitted: If the one who decides may not declare it for that commons; or where its
            decisions can be Codes, may not enact Codes.
        AssemblyAmiss: If it is no commons, or a threshold is none.
        AheadOfTime: If it is dated in the future.
    """
    may(deed.by, "declare_assembly", About(sides=(body.commons,)), deed.people, at=deed.at)
    if body.may_enact:
        may(deed.by, "enact_code", THE_CITY, deed.people, at=deed.at)
    see_text(body.assembly, body.assembly, longest=LONGEST_NAME, what="its name")
    see_text(body.assembly, body.title, longest=LONGEST_NAME, what="its title")
    before = known.by_id.get(body.assembly)
    found = _against(body, deed.people, before)
    if found is not None:
        raise AssemblyAmiss(about=body.assembly, found=found)
    if deed.when > deed.at:
        raise AheadOfTime(occurred_at=deed.when, at=deed.at)
    number = 1 if before is None else before.versions + 1
    return Draft(
        body=body,
        occurred_at=deed.when,
        author=deed.by,
        idempotency_key=f"assembly:{body.assembly}:{number}",
    )


def give_mandate(body: MandateGiven, meeting: Meeting) -> Draft[MandateGiven]:
    """Decide that somebody is trusted with duties; until a decision gave one, by a steward.

    Raises:
        NotPermitted: If the one who decides is no steward of the commons.
        AssemblyAmiss: If decisions give mandates here already, or it cannot be as it is told.
    """
    deed, given = meeting.deed, meeting.assembly.mandates.values()
    may(deed.by, "give_mandate", About(sides=(meeting.commons,)), deed.people, at=deed.at)
    if any(one.given.decision and one.is_in_force(meeting.today) for one in given):
        raise AssemblyAmiss(about=body.mandate, found="here decisions give mandates by now")
    if body.agent == deed.by:
        raise AssemblyAmiss(about=body.mandate, found="nobody gives one to themselves")
    return record_mandate(body, meeting)


def record_mandate(body: MandateGiven, meeting: Meeting) -> Draft[MandateGiven]:
    """A mandate that somebody had the right to give.

    Raises:
        AssemblyAmiss: If it cannot be as it is told.
    """
    see_text(body.mandate, body.mandate, longest=LONGEST_NAME, what="its name")
    found = against_terms(body, meeting.deed.people)
    if body.mandate in meeting.assembly.mandates:
        found = "there is one of that name"
    if found is not None:
        raise AssemblyAmiss(about=body.mandate, found=found)
    return meeting.draft(body, f"mandate:{meeting.name}:{body.mandate}")


def lay_down(mandate: str, meeting: Meeting) -> Draft[MandateLaidDown]:
    """Decide that who has a mandate gives it back.

    Raises:
        NotInAssembly: If there is none of that name.
        AssemblyAmiss: If it is somebody else's, or ended.
    """
    known = known_mandate(meeting.assembly, mandate)
    if known.given.agent != meeting.deed.by:
        raise AssemblyAmiss(about=mandate, found="only who has it lays it down")
    if known.ended is not None:
        raise AssemblyAmiss(about=mandate, found="it ended before")
    body = MandateLaidDown(mandate=known.given.mandate, assembly=known.given.assembly)
    return meeting.draft(body, f"mandate:{meeting.name}:{mandate}:ended")


def known_mandate(assembly: Assembly, name: str) -> Mandate:
    """A mandate of an assembly.

    Raises:
        NotInAssembly: If there is none of that name.
    """
    return known_as("mandate", name, assembly.mandates)


def against_terms(body: MandateGiven | GivesMandate, people: People) -> str | None:
    """What in an agent, duties and days cannot be, of a mandate or a proposal for one; or none."""
    first, last = body.first_day, body.last_day
    checks = (
        (body.agent not in people.agents, f"'{body.agent}' is not in the record"),
        (not body.duties, "it has no duty"),
        (len(set(body.duties)) < len(body.duties), "a duty stands in it twice"),
        (last < first, "it ends before it begins"),
        (last - first > LONGEST_MANDATE, f"it is for more than {LONGEST_MANDATE.days} days"),
    )
    return next((found for is_so, found in checks if is_so), None)


def _against(body: AssemblyDeclared, people: People, before: Assembly | None) -> str | None:
    shares = (body.petition_per_mille, body.quorum_per_mille)
    checks = (
        (people.agents.get(body.commons) != "commons", f"'{body.commons}' is no commons"),
        (
            before is not None and before.declared.commons != body.commons,
            "it is the assembly of another commons",
        ),
        (any(not 1 <= share <= _WHOLE for share in shares), "a threshold is none, or above all"),
        (
            not _WHOLE // 2 <= body.majority_per_mille < _WHOLE,
            "a majority is more than half, or more than some share above that",
        ),
    )
    return next((found for is_so, found in checks if is_so), None)
