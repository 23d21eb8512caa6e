"""Lots: named heaps of one material. All mass is a whole number of milligrams."""

from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId

LotId = NewType("LotId", str)

# Rights: who is accountable (Valueflows `accountingQuantity`).
# Custody: who holds (`onhandQuantity`).
Side = Literal["rights", "custody"]
SIDES: tuple[Side, ...] = ("rights", "custody")

# Back: where a lot came from. Forward: where it went.
Direction = Literal["back", "forward"]


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass of one lot.

    Milligrams are integers so that a balance closes exactly; a float would close only nearly.
    """

    lot: LotId
    mass_mg: int


class Leg(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One movement of a lot between two accounts: of rights, of custody, or of both.

    Each side is zero-sum by construction: what one account gives, the other receives.
    """

    lot: LotId
    giver: AgentId
    receiver: AgentId
    rights_units: int
    custody_units: int
