"""Opening: what the resources of a document must have had before it begins."""

from collections import defaultdict
from collections.abc import Iterable

from bioloom.ledger.events.moving import event_legs
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.lots import LotId

Holder = tuple[LotId, AgentId]


def just_enough(events: Iterable[EventHappened]) -> dict[Holder, int]:
    """The least that each agent must have had of each lot for no balance to go below zero.

    Where an agent gives more custody than rights or the other way round, the greater counts.
    """
    rights: defaultdict[Holder, int] = defaultdict(int)
    custody: defaultdict[Holder, int] = defaultdict(int)
    lowest: defaultdict[Holder, int] = defaultdict(int)
    for event in events:
        for leg in event_legs(event):
            for agent, sign in ((leg.giver, -1), (leg.receiver, 1)):
                if agent in BOUNDARY:
                    continue
                holder = (leg.lot, agent)
                rights[holder] += sign * leg.rights_units
                custody[holder] += sign * leg.custody_units
                lowest[holder] = min(lowest[holder], rights[holder], custody[holder])
    return {holder: -units for holder, units in lowest.items() if units < 0}
