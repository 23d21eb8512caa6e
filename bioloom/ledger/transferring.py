"""Transferring a lot: somebody hands on rights, custody or both. The journal checks the rest."""

from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotTransferred
from bioloom.vocabulary.lots import SIDES, LotId, Side
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal


class TransferSenseless(Refusal):
    """A transfer that moves nothing, or from an agent to the same agent."""

    def __init__(self, *, lot: LotId, why: str) -> None:
        self.lot = lot
        super().__init__(
            what=f"The transfer of lot '{lot}' would change nothing.",
            why=why,
            remedy="Name a mass above zero, a giver and another receiver, and what passes on.",
        )


class GiverAtTheEdge(Refusal):
    """A transfer from an account at the city's edge, which has no lots to give."""

    def __init__(self, *, lot: LotId, giver: AgentId) -> None:
        self.lot, self.giver = lot, giver
        super().__init__(
            what=f"Lot '{lot}' would be transferred from '{giver}', at the city's edge.",
            why="What comes in from there arrives, as a lot with a place and a figure of its own.",
            remedy="Record an arrival; to take a transfer back, correct it.",
        )


class AgentUnknown(Refusal):
    """A movement names an agent that nobody declared."""

    def __init__(self, *, agent: AgentId) -> None:
        self.agent = agent
        super().__init__(
            what=f"Agent '{agent}' is not in the record.",
            why="A lot is always somebody's, and in somebody's hands.",
            remedy="Declare the agent first, or correct the name.",
        )


def transfer(
    *,
    lot: LotId,
    mass_mg: int,
    giver: AgentId,
    receiver: AgentId,
    sides: tuple[Side, ...] = SIDES,
    declared: Declared,
    key: str,
    author: AgentId,
    at: Instant,
    cause: str | None = None,
) -> Draft[LotTransferred]:
    """Judge a transfer and return the entry to record (Valueflows `transfer`).

    Whether the giver has so much of the lot is judged by the journal when it is appended.

    Raises:
        TransferSenseless: If nothing would change.
        GiverAtTheEdge: If the giver is no agent, but where the city ends.
        AgentUnknown: If giver or receiver is not declared.
    """
    if not 0 < mass_mg <= LARGEST_MG or not sides or len(set(sides)) < len(sides):
        raise TransferSenseless(lot=lot, why=f"It names {mass_mg} mg and {len(sides)} sides.")
    if giver == receiver:
        raise TransferSenseless(lot=lot, why=f"'{giver}' is both giver and receiver.")
    if giver in BOUNDARY:
        raise GiverAtTheEdge(lot=lot, giver=giver)
    for agent in (giver, receiver):
        if agent not in declared.agents and agent not in BOUNDARY:
            raise AgentUnknown(agent=agent)
    body = LotTransferred(lot=lot, mass_mg=mass_mg, sides=sides, giver=giver, receiver=receiver)
    return Draft(body=body, occurred_at=at, author=author, idempotency_key=key, cause=cause)
