"""Deciding about disruptions and moves, on the record as it is; said twice it is the same."""

from collections.abc import Callable
from typing import Any

from bioloom.circuits.replanning import vetoing
from bioloom.circuits.replanning.undertaken import Way
from bioloom.doors.compose import City
from bioloom.doors.register.deciding import decide_once
from bioloom.ledger.people.deciding import Deed
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.disruptions import MoveVetoed, VetoLifted
from bioloom.vocabulary.entries.envelope import Draft, Entry


def decide_now(city: City, by: AgentId, deciding: Callable[[Deed], Draft[Any]]) -> Entry[Any]:
    """Let somebody decide about disruptions or moves, and record it.

    Raises:
        Refusal: If the decision is refused.
    """
    return decide_once(city, by, deciding, occurred_at=city.clock())


def veto_move(city: City, plan: str, way: Way, *, reason: str, by: AgentId) -> Entry[MoveVetoed]:
    """Veto a move of a proposed revision, and record it.

    Raises:
        NotPermitted, PlanUnknown, NoSuchMove, VetoSenseless: As `vetoing.veto`.
    """

    def deciding(deed: Deed) -> Draft[MoveVetoed]:
        known, declared = city.plans(), city.journal.declared()
        return vetoing.veto(plan, way, reason=reason, known=known, declared=declared, deed=deed)

    return decide_now(city, by, deciding)


def lift_veto(city: City, veto: str, *, reason: str, by: AgentId) -> Entry[VetoLifted]:
    """Lift a veto, and record it.

    Raises:
        NotPermitted, VetoUnknown, VetoSenseless, SaidOtherwise: As `vetoing.lift`.
    """

    def deciding(deed: Deed) -> Draft[VetoLifted]:
        return vetoing.lift(veto, reason=reason, declared=city.journal.declared(), deed=deed)

    return decide_now(city, by, deciding)
