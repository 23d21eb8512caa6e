"""Judging: every entry about events is held against the record before it is sealed.

Which law is where: amounts and lots in `happening`, balances of processes in `processes`, what is
owed in `promising`, lots inside lots in `containing`, taking back in `reversing`, what is told of
waste that was received in `receiving`, claims of where something came from in `ledger/custody`.
That nobody gives what they do not have is judged by the legs of every entry alike, in
`ledger/holdings.py`.
"""

from typing import Any, get_args

from bioloom.ledger.codes.drafting import judge_code_draft
from bioloom.ledger.codes.enacting import judge_code
from bioloom.ledger.compositions.conserving import judge_conserved, judge_conserving
from bioloom.ledger.compositions.declaring import judge_composition
from bioloom.ledger.contracts.agreeing import judge_agreement, judge_ended
from bioloom.ledger.covenants.drafting import judge_draft
from bioloom.ledger.custody.judging import judge_custody
from bioloom.ledger.estimates.estimating import judge_estimate
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.happening import judge_event, judge_obeying
from bioloom.ledger.events.mentioning import subject_of
from bioloom.ledger.events.processes import (
    ProcessEnded,
    judge_closing,
    judge_open,
    judge_opening,
    judge_since_opening,
    judge_specified,
)
from bioloom.ledger.events.promising import judge_claim, judge_promise
from bioloom.ledger.events.receiving import judge_receiving
from bioloom.ledger.events.reversing import NotReversible, judge_reversal
from bioloom.ledger.events.withdrawing import judge_withdrawing
from bioloom.ledger.guarding.claimed import judge_abating
from bioloom.ledger.guarding.weighing import judge_unweighed, judge_weighed
from bioloom.ledger.pledges.pledging import judge_pledge
from bioloom.ledger.recipes.publishing import judge_recipe
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeRepealed
from bioloom.vocabulary.entries.compositions import CompositionDeclared
from bioloom.vocabulary.entries.contracts import AgreementEnded, AgreementMade
from bioloom.vocabulary.entries.custody import CustodyBody
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.estimates import EstimateMade
from bioloom.vocabulary.entries.events import (
    ClaimMade,
    EventHappened,
    EventReversed,
    ProcessClosed,
    ProcessOpened,
    ProcessSpecified,
    PromiseMade,
)
from bioloom.vocabulary.entries.packs import CodeDrafted, CovenantDrafted
from bioloom.vocabulary.entries.pledges import (
    PledgeJoined,
    PledgeLeft,
    PledgeMade,
    PledgeRenewed,
)
from bioloom.vocabulary.entries.receipts import ReceiptReported, WasteReceived
from bioloom.vocabulary.entries.recipes import RecipePublished
from bioloom.vocabulary.refusal import Refusal

_JUDGED = (
    EventHappened,
    EventReversed,
    ProcessSpecified,
    ProcessOpened,
    ProcessClosed,
    ClaimMade,
    PromiseMade,
    WasteReceived,
    ReceiptReported,
    RecipePublished,
    AgreementMade,
    AgreementEnded,
    EstimateMade,
    CompositionDeclared,
    PledgeMade,
    PledgeRenewed,
    PledgeJoined,
    PledgeLeft,
    CodeEnacted,
    CodeRepealed,
    *get_args(CustodyBody),
    CovenantDrafted,
    CodeDrafted,
)


class AboutSomethingElse(Refusal):
    """A correction that names another lot, process, promise or claim than what it corrects."""

    def __init__(self, *, entry: str) -> None:
        self.entry = entry
        super().__init__(
            what=f"This would make entry {entry} one about something else.",
            why="What others recorded of the first thing since would be about nothing.",
            remedy="Take the entry back (reverse it), and record the other under a key of its own.",
        )


def is_judged(body: object) -> bool:
    """Whether an entry of this kind is held against the record."""
    return isinstance(body, _JUDGED)


def judge(draft: Draft[Any], corrected: Entry[Any] | None, facts: Facts) -> None:
    """Hold an entry against the record as it is.

    Args:
        draft: What somebody decided.
        corrected: The entry that it replaces, where it is a correction; `facts` leave it out.
        facts: The record.

    Raises:
        Refusal: One of those named in the modules of this room.
    """
    match draft.body:
        case EventHappened() as event:
            judge_event(event, facts, is_correction=corrected is not None)
            judge_abating(event, corrected, facts)
            judge_weighed(event, corrected, facts)
            judge_since_opening(event, facts, at=draft.occurred_at)
            judge_obeying(event, facts, at=draft.occurred_at)
            if corrected is not None:
                judge_withdrawing(corrected.body, event, facts)
        case EventReversed() as reversal:
            judge_reversal(reversal, facts, at=draft.occurred_at)
            judge_unweighed(reversal, facts)
        case ProcessOpened() as opening:
            is_correction = corrected is not None
            judge_opening(opening, facts, at=draft.occurred_at, is_correction=is_correction)
        case ProcessClosed() as closing:
            judge_closing(closing, facts)
            judge_conserved(closing, facts)
        case ProcessSpecified() as specified:
            judge_specified(specified)
            judge_conserving(specified)
        case ClaimMade() as claim:
            judge_claim(claim, facts)
        case PromiseMade() as promise:
            judge_promise(promise, facts)
    _judge_told(draft, corrected, facts)


def _judge_told(draft: Draft[Any], corrected: Entry[Any] | None, facts: Facts) -> None:
    """What is told and moves nothing: receipts, evidence, agreements, pledges."""
    match draft.body:
        case WasteReceived() | ReceiptReported() as told:
            judge_receiving(told, facts, at=draft.occurred_at)
        case RecipePublished() as recipe:
            judge_recipe(recipe, facts)
        case EstimateMade() as estimate:
            judge_estimate(estimate, facts)
        case CompositionDeclared() as declared:
            judge_composition(declared, corrected, facts)
        case AgreementMade() as agreement:
            judge_agreement(agreement, facts)
        case AgreementEnded() as ended:
            judge_ended(ended, facts, at=draft.occurred_at)
        case CovenantDrafted() as drafted:
            judge_draft(drafted)
        case PledgeMade() | PledgeRenewed() | PledgeJoined() | PledgeLeft() as pledging:
            judge_pledge(pledging, corrected, facts, at=draft.occurred_at)
    _judge_ruling(draft, corrected, facts)


def _judge_ruling(draft: Draft[Any], corrected: Entry[Any] | None, facts: Facts) -> None:
    """What rules: Codes, and models of custody."""
    if isinstance(draft.body, CodeEnacted | CodeRepealed):
        judge_code(draft.body, corrected, facts)
    if isinstance(draft.body, CodeDrafted):
        judge_code_draft(draft.body)
    if isinstance(draft.body, CustodyBody):
        judge_custody(draft, corrected, facts)


def judge_correcting(corrected: Entry[Any], body: object, facts: Facts) -> None:
    """Hold a correction of any kind against the entry that it replaces.

    Args:
        corrected: That entry.
        body: What is said instead.
        facts: The record.

    Raises:
        NotReversible: If that was taken back, or takes back another.
        AboutSomethingElse: If the correction is about another thing.
        ProcessEnded: If it belongs to a closed process, or is the end of one.
    """
    if isinstance(corrected.body, EventReversed) or facts.is_undone(corrected):
        raise NotReversible(entry=corrected.id, found="it was taken back, or takes back another")
    if subject_of(corrected.body) != subject_of(body):
        raise AboutSomethingElse(entry=corrected.id)
    if isinstance(corrected.body, ProcessClosed):
        raise ProcessEnded(process=corrected.body.process)
    if isinstance(corrected.body, EventHappened):
        for process in {corrected.body.input_of, corrected.body.output_of} - {None}:
            assert process is not None
            judge_open(process, facts)
