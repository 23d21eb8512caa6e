"""Acting in an assembly in one's own name: mandates, petitions, proposals, decisions, campaigns."""

from pathlib import Path
from typing import Any, Literal

import msgspec

from bioloom.assembly.campaigns import tasking
from bioloom.assembly.decisions import budgeting
from bioloom.assembly.decisions.deciding import Counts, Facts, count_votes, take_decision
from bioloom.assembly.mandates import giving
from bioloom.assembly.mandates.refusing import NotInAssembly
from bioloom.assembly.petitions import petitioning
from bioloom.assembly.proposals import objecting, proposing
from bioloom.doors.assembly.floor import Floor, act, new_salt, see
from bioloom.doors.capturing.handwriting import read_file, toml_in
from bioloom.doors.compose import City
from bioloom.doors.register.register import Register
from bioloom.ledger.codes.reading import codes_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyDeclared
from bioloom.vocabulary.entries.campaigns import CampaignStarted, TaskOffered
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.mandates import MandateGiven
from bioloom.vocabulary.entries.proposals import BudgetCommitted, BudgetPaid, Draught, EffectId
from bioloom.vocabulary.refusal import Refusal


class ProposalUnreadable(Refusal):
    """A file is not a version of a proposal."""

    def __init__(self, *, file: Path, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(
            what=f"'{file}' cannot be read as a proposal: {found}.",
            why="People decide about it word for word.",
            remedy="Begin with the example in docs/how-to/decide-together.md.",
        )


def read_draught(file: Path) -> Draught:
    """A version of a proposal in TOML as people write it.

    Raises:
        ProposalUnreadable: If it is none.
    """

    def amiss(found: str) -> Refusal:
        return ProposalUnreadable(file=file, found=found)

    try:
        return msgspec.convert(toml_in(read_file(file, amiss), amiss), Draught)
    except RecursionError as nested:
        raise amiss("it is nested too deeply") from nested
    except (ValueError, msgspec.ValidationError) as unreadable:
        raise amiss(str(unreadable)) from unreadable


def declare_assembly(city: City, by: AgentId, body: AssemblyDeclared) -> Entry[Any]:
    """Declare an assembly, or by which other thresholds it decides from now on.

    Raises:
        Refusal: As `giving.declare_assembly`.
    """
    return act(
        city,
        by,
        lambda floor: giving.declare_assembly(body, floor.known.assemblies, deed=floor.deed),
    )[-1]


def give_mandate(city: City, by: AgentId, body: MandateGiven) -> Entry[Any]:
    """Give one of the first mandates of an assembly.

    Raises:
        Refusal: As `giving.give_mandate`.
    """
    return act(city, by, lambda floor: giving.give_mandate(body, floor.meeting(body.assembly)))[-1]


def lay_down(city: City, by: AgentId, assembly: str, mandate: str) -> Entry[Any]:
    """Give one's mandate back.

    Raises:
        Refusal: As `giving.lay_down`.
    """
    return act(city, by, lambda floor: giving.lay_down(mandate, floor.meeting(assembly)))[-1]


def start_petition(
    city: City, by: AgentId, assembly: str, name: str, words: petitioning.Words
) -> Entry[Any]:
    """Start a petition to an assembly.

    Raises:
        Refusal: As `petitioning.start_petition`.
    """

    def starting(floor: Floor) -> Draft[Any]:
        meeting = floor.meeting(assembly)
        return petitioning.start_petition(name, words, floor.known.petitions, meeting)

    return act(city, by, starting)[-1]


def sign(city: City, by: AgentId, name: str, *, takes_back: bool = False) -> Entry[Any]:
    """Sign a petition, or take one's word back.

    Raises:
        Refusal: As `petitioning.sign` and `petitioning.unsign`.
    """

    def signing(floor: Floor) -> Draft[Any]:
        petition = floor.known.petitions.named(name)
        deciding = petitioning.unsign if takes_back else petitioning.sign
        return deciding(petition, floor.meeting(petition.started.assembly))

    return act(city, by, signing)[-1]


class Proposing(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed to which assembly, and what it answers, by name."""

    assembly: str
    name: str
    draught: Draught
    petition: str | None = None
    item: str | None = None


def propose(city: City, register: Register, by: AgentId, told: Proposing) -> Entry[Any]:
    """Draft a proposal.

    Raises:
        Refusal: As `proposing.draft_proposal`; or if it answers what is not there.
    """
    declared = city.journal.declared()

    def drafting(floor: Floor, salt_sha256: str) -> Draft[Any]:
        return proposing.draft_proposal(
            told.name,
            told.draught,
            floor.known.proposals,
            floor.meeting(told.assembly),
            declared=declared,
            salt_sha256=salt_sha256,
            answers=_answers(floor, told),
        )

    see(city, by, lambda floor: drafting(floor, ""))
    salt_sha256 = new_salt(register)
    return act(city, by, lambda floor: drafting(floor, salt_sha256))[-1]


def revise(city: City, by: AgentId, name: str, draught: Draught, reason: str) -> Entry[Any]:
    """Say a proposal anew.

    Raises:
        Refusal: As `proposing.revise_proposal`.
    """
    declared = city.journal.declared()

    def revising(floor: Floor) -> Draft[Any]:
        proposal, meeting = floor.proposal(name)
        return proposing.revise_proposal(proposal, draught, reason, meeting, declared)

    return act(city, by, revising)[-1]


def invite(city: City, by: AgentId, name: str, who: AgentId) -> Entry[Any]:
    """Ask somebody to write a proposal with its authors.

    Raises:
        Refusal: As `proposing.invite_co_author`.
    """

    def inviting(floor: Floor) -> Draft[Any]:
        proposal, meeting = floor.proposal(name)
        return proposing.invite_co_author(proposal, who, meeting)

    return act(city, by, inviting)[-1]


def accept(city: City, by: AgentId, name: str) -> Entry[Any]:
    """Write a proposal with those who asked.

    Raises:
        Refusal: As `proposing.accept_co_authorship`.
    """
    return act(city, by, lambda floor: proposing.accept_co_authorship(*floor.proposal(name)))[-1]


def answer(city: City, by: AgentId, name: str, objection: str, text: str) -> Entry[Any]:
    """Answer an objection to a proposal of one's own.

    Raises:
        Refusal: As `objecting.answer_objection`.
    """

    def answering(floor: Floor) -> Draft[Any]:
        proposal, meeting = floor.proposal(name)
        return objecting.answer_objection(proposal, objection, text, meeting)

    return act(city, by, answering)[-1]


def count(city: City, by: AgentId, name: str, counts: Counts) -> Entry[Any]:
    """Put on record what one counted in a room.

    Raises:
        Refusal: As `deciding.count_votes`.
    """

    def counting(floor: Floor) -> Draft[Any]:
        proposal, meeting = floor.proposal(name)
        return count_votes(proposal, counts, meeting)

    return act(city, by, counting)[-1]


def conclude(
    city: City, by: AgentId, name: str, basis: Literal["consent", "counted"], *, present: int = 0
) -> list[Entry[Any]]:
    """Put a decision on record with all that it does; its entries.

    Raises:
        Refusal: As `deciding.take_decision`.
    """
    declared = city.journal.declared()

    def deciding(floor: Floor) -> list[Draft[Any]]:
        proposal, meeting = floor.proposal(name)
        facts = Facts(declared, codes_of(city.journal))
        return take_decision(proposal, basis, meeting, facts, present=present)

    return act(city, by, deciding)


def commit_budget(city: City, by: AgentId, body: BudgetCommitted) -> Entry[Any]:
    """Promise some of a budget line to somebody.

    Raises:
        Refusal: As `budgeting.commit_budget`.
    """
    return act(city, by, lambda floor: budgeting.commit_budget(body, *floor.line(body.line)))[-1]


def pay_budget(city: City, by: AgentId, body: BudgetPaid) -> Entry[Any]:
    """Record that some of a promise was paid.

    Raises:
        Refusal: As `budgeting.pay_budget`.
    """
    return act(city, by, lambda floor: budgeting.pay_budget(body, *floor.line(body.line)))[-1]


def start_campaign(city: City, by: AgentId, body: CampaignStarted) -> Entry[Any]:
    """Call for hands.

    Raises:
        Refusal: As `tasking.start_campaign`.
    """
    return act(
        city,
        by,
        lambda floor: tasking.start_campaign(
            body, floor.known.campaigns, floor.meeting(body.assembly)
        ),
    )[-1]


def offer_task(city: City, by: AgentId, body: TaskOffered) -> Entry[Any]:
    """Say what needs to be done.

    Raises:
        Refusal: As `tasking.offer_task`.
    """
    declared = city.journal.declared()

    def offering(floor: Floor) -> Draft[Any]:
        campaign, meeting = floor.campaign(body.campaign)
        return tasking.offer_task(body, campaign, declared, meeting)

    return act(city, by, offering)[-1]


def take_task(city: City, by: AgentId, name: str, task: str) -> Entry[Any]:
    """Take a task on.

    Raises:
        Refusal: As `tasking.take_task`.
    """

    def taking(floor: Floor) -> Draft[Any]:
        campaign, meeting = floor.campaign(name)
        return tasking.take_task(campaign.task(task), campaign, meeting)

    return act(city, by, taking)[-1]


class Achieved(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody tells of a task: how much of what is counted, and a note."""

    units: int
    note: str = ""


def finish_task(city: City, by: AgentId, name: str, task: str, told: Achieved) -> Entry[Any]:
    """Tell what one achieved of a task.

    Raises:
        Refusal: As `tasking.finish_task`.
    """

    def finishing(floor: Floor) -> Draft[Any]:
        campaign, meeting = floor.campaign(name)
        return tasking.finish_task(campaign.task(task), campaign, told.units, told.note, meeting)

    return act(city, by, finishing)[-1]


def _answers(floor: Floor, told: Proposing) -> proposing.Answers:
    petition = None if told.petition is None else floor.known.petitions.named(told.petition)
    item = None if told.item is None else EffectId(told.item)
    if item is not None:
        agenda = floor.known.consequences.agenda(told.assembly)
        if item not in {one.declared.effect for one in agenda}:
            raise NotInAssembly(word="item on the agenda", name=item)
    return proposing.Answers(petition, item)
