"""Entries of pledges: what a street or another commons undertakes together for a season.

A pledge moves nothing and binds no lot: it is a word that people give, and keep by what they do.
"""

from datetime import date
from typing import NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.materials import MaterialId

PledgeId = NewType("PledgeId", str)


class PledgeMade(msgspec.Struct, frozen=True, kw_only=True):
    """A commons says what its people undertake together, and for which first season.

    Attributes:
        text: What they undertake, in their language.
        counted: Materials that count for it, such as organics that are kept apart.
        against: Materials that count against it, such as mixed refuse.
        share_per_mille: At least so many thousandths of the mass of both is of what counts for it.
        more_mg: Or: so much more is of what counts for it than of what counts against it.
    """

    pledge: PledgeId
    commons: AgentId
    title: str
    text: str
    first_day: date
    last_day: date
    counted: tuple[MaterialId, ...]
    against: tuple[MaterialId, ...] = ()
    share_per_mille: int | None = None
    more_mg: int | None = None


class PledgeRenewed(msgspec.Struct, frozen=True, kw_only=True):
    """The commons opens a further season. Nobody is in it who does not join it anew."""

    pledge: PledgeId
    # The first season is 1.
    season: int
    first_day: date
    last_day: date


class PledgeJoined(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody gives their word for one season; what they discard counts from that day on."""

    pledge: PledgeId
    season: int
    who: AgentId


class PledgeLeft(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody takes their word back; what they discarded until then stays counted."""

    pledge: PledgeId
    season: int
    who: AgentId
