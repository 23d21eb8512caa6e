"""Judging: every entry about events is held against the record before it is sealed.

Which law is where: amounts and lots in `happening`, balances of processes in `processes`, what is
owed in `promising`, lots inside lots in `containing`, taking back in `reversing`. That nobody gives
what they do not have is judged by the legs of every entry alike, in `ledger/holdings.py`.
"""

from typing import Any

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.happening import judge_event
from bioloom.ledger.events.processes import judge_closing, judge_open, judge_opening
from bioloom.ledger.events.promising import judge_claim
from bioloom.ledger.events.reversing import NotReversible, judge_reversal
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import (
    ClaimMade,
    EventHappened,
    EventReversed,
    ProcessClosed,
    ProcessOpened,
)

_JUDGED = (EventHappened, EventReversed, ProcessOpened, ProcessClosed, ClaimMade)


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
    if corrected is not None:
        _judge_correcting(corrected, facts)
    match draft.body:
        case EventHappened() as event:
            judge_event(event, facts, is_correction=corrected is not None)
        case EventReversed() as reversal:
            judge_reversal(reversal, facts)
        case ProcessOpened() as opening:
            judge_opening(opening, facts, is_correction=corrected is not None)
        case ProcessClosed() as closing:
            judge_closing(closing, facts)
        case ClaimMade() as claim:
            judge_claim(claim, facts)


def _judge_correcting(corrected: Entry[Any], facts: Facts) -> None:
    """What belongs to a closed process, or is itself a reversal, is not corrected afterwards."""
    if isinstance(corrected.body, EventReversed) or facts.is_undone(corrected):
        raise NotReversible(entry=corrected.id, found="it was taken back, or takes back another")
    if isinstance(corrected.body, EventHappened):
        for process in {corrected.body.input_of, corrected.body.output_of} - {None}:
            assert process is not None
            judge_open(process, facts)
