"""Answers about a lot's line: what `trace --json` prints."""

import msgspec

from bioloom.doors.compose import City
from bioloom.ledger.passports.origins import (
    OriginsTooMany,
    discarders_of,
    origins_of,
)
from bioloom.ledger.tracing import LotLine
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId


class DiscardedTold(msgspec.Struct, frozen=True, kw_only=True):
    """Who discarded some of a lot, and their share of its mass as a fraction, such as "2/3".

    Nobody: nothing in the record says whose it was.
    """

    agent: AgentId | None
    share: str


class LotTraced(LotLine, frozen=True, kw_only=True):
    """A lot's line, and who discarded it with the share of each in its mass.

    `discarded_by` is none where the lot is of too many others for the shares to be added up.
    """

    discarded_by: list[DiscardedTold] | None


def tell_line(city: City, line: LotLine) -> LotTraced:
    """A line with who discarded its lot."""
    fields = {name: getattr(line, name) for name in LotLine.__struct_fields__}
    return LotTraced(**fields, discarded_by=_discarded_by(city, line.lot.lot))


def _discarded_by(city: City, lot: LotId) -> list[DiscardedTold] | None:
    try:
        found = discarders_of(origins_of(city.journal, lot))
    except OriginsTooMany:
        return None
    return [DiscardedTold(agent=one.agent, share=str(one.share)) for one in found]
