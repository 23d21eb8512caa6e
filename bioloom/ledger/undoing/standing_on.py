"""Standing on: which later entry is in the way of taking an earlier one back.

The record itself says why an entry cannot be taken back: its refusal names a lot and an agent, a
process or a container. What stands in the way is then the newest entry, still standing, that took
just that away. Taken back first, it may be in the way of nothing more; so dependents are found one
by one, and no more of them than must be.
"""

from collections.abc import Collection, Iterable
from typing import Any

from bioloom.ledger.events.containing import NotContained
from bioloom.ledger.events.mentioning import claim_name, contents_of, process_name
from bioloom.ledger.events.processes import GivenBackTooMuch, ProcessEnded
from bioloom.ledger.guarding.claimed import LotClaimed
from bioloom.ledger.holdings import Overdraft
from bioloom.ledger.legs import legs_of
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import Memory, numbers_of, recall
from bioloom.vocabulary.agents import INSIDE, AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import ClaimMade, EventReversed, ProcessClosed
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


def in_the_way(
    refusal: Refusal, journal: Journal, *, after: int, known: Collection[int]
) -> Entry[Any] | None:
    """The newest entry that must be taken back before another can be, if a refusal tells of one.

    Args:
        refusal: Why that other cannot be taken back.
        journal: The record.
        after: The number of that other: nothing from before it stands on it.
        known: Numbers of entries that will be taken back in any case.

    Returns:
        An entry that stands; a ClaimMade is given up by whoever has it, and not taken back.
    """
    facts = recall(journal.store)
    found = [
        entry
        for entry in _suspects(refusal, journal, facts)
        if entry.seq > after and entry.seq not in known and not facts.is_undone(entry)
    ]
    return max(found, key=lambda entry: entry.seq, default=None)


def _suspects(refusal: Refusal, journal: Journal, facts: Memory) -> Iterable[Entry[Any]]:
    match refusal:
        case Overdraft(lot=lot, agent=agent):
            return _given(lot, agent, journal)
        case GivenBackTooMuch(lot=lot):
            return _given(lot, INSIDE, journal)
        case ProcessEnded(process=process):
            entries = facts.introducing(process_name(process))
            return [entry for entry in entries if isinstance(entry.body, ProcessClosed)]
        case NotContained(container=container):
            entries = facts.about(contents_of(container))
            return [entry for entry in entries if getattr(entry.body, "action", "") == "separate"]
        case LotClaimed(claims=claims):
            named = [entry for claim in claims for entry in facts.introducing(claim_name(claim))]
            return [entry for entry in named if isinstance(entry.body, ClaimMade)]
    return ()


def _given(lot: LotId, agent: AgentId, journal: Journal) -> list[Entry[Any]]:
    """The entries by which an agent, or what is inside, gave some of a lot."""
    number = numbers_of(journal.store, [lot]).get(lot)
    legs = [] if number is None else journal.store.legs(number)
    entries = journal.at(sorted({leg.seq for leg in legs})).values()
    return [
        entry
        for entry in entries
        if not isinstance(entry.body, EventReversed)
        and any(leg.lot == lot and leg.giver == agent for leg in legs_of(entry.body))
    ]
