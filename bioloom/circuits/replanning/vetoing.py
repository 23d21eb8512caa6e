"""Vetoing: a steward does not want a move; no plan makes it again until the veto is lifted."""

from collections.abc import Iterator
from itertools import count

from bioloom.circuits.proposing import PlansKnown
from bioloom.circuits.replanning.disrupting import SaidOtherwise, amiss_in_reason, draft_of
from bioloom.ledger.declared import Declared
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import THE_CITY, may
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.entries.disruptions import MoveVetoed, VetoId, VetoLifted
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal

Way = tuple[DistrictId, MaterialId, SiteId]


class NoSuchMove(Refusal):
    """A move that a proposal does not make."""

    def __init__(self, *, plan: str, way: Way) -> None:
        self.plan, self.way = plan, way
        district, material, site = way
        super().__init__(
            what=f"Plan '{plan}' does not move {material} of '{district}' to '{site}'.",
            why="A veto is of a move that a revision proposes.",
            remedy="See its moves with `bioloom circuits moves DIR PLAN`.",
        )


class VetoSenseless(Refusal):
    """A veto without a reason that can be kept."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"This veto cannot be kept: {found}.",
            why="Whoever is served otherwise for it is to know why.",
            remedy="Say in a sentence why the move is wrong.",
        )


class VetoUnknown(Refusal):
    """A veto that nobody gave."""

    def __init__(self, *, veto: str) -> None:
        self.veto = veto
        super().__init__(
            what=f"There is no veto '{veto[:80]}'.",
            why="Only a veto that was given can be lifted.",
            remedy="See those that stand with `bioloom circuits disruptions DIR`.",
        )


def veto(
    plan: str, way: Way, *, reason: str, known: PlansKnown, declared: Declared, deed: Deed
) -> Draft[MoveVetoed]:
    """Decide that a move of a proposed revision is not to be. Said twice alike, it is the same.

    What the plan in force brings there may still go; more may not.

    Raises:
        NotPermitted: If who decides may not veto moves.
        PlanUnknown: If nobody proposed the plan.
        NoSuchMove: If it does not make the move.
        VetoSenseless: If the reason cannot be kept.
    """
    may(deed.by, "veto_move", THE_CITY, deed.people, at=deed.at)
    proposed = known.named(plan)
    _require_reason(reason)
    if way not in {(move.district, move.material, move.site) for move in proposed.moves}:
        raise NoSuchMove(plan=plan, way=way)
    district, material, site = way
    body = MoveVetoed(
        veto=_name(plan, way, declared),
        plan=plan,
        district=district,
        material=material,
        site=site,
        most_mg=sum(_in_force_mg(proposed, way, known)),
        first_day=proposed.first_day,
        last_day=proposed.last_day,
        reason=reason,
    )
    return draft_of(body, f"veto:{body.veto}", deed)


def lift(veto: str, *, reason: str, declared: Declared, deed: Deed) -> Draft[VetoLifted]:
    """Decide that a veto stands no longer.

    Raises:
        NotPermitted: If who decides may not veto moves.
        VetoUnknown: If nobody gave it.
        VetoSenseless: If the reason cannot be kept.
        SaidOtherwise: If it was lifted for another reason.
    """
    may(deed.by, "veto_move", THE_CITY, deed.people, at=deed.at)
    disruptions, body = declared.disruptions, VetoLifted(veto=VetoId(veto), reason=reason)
    before = disruptions.lifted.get(body.veto)
    if before is None and body.veto not in disruptions.vetoes:
        raise VetoUnknown(veto=veto)
    _require_reason(reason)
    if before not in (None, body):
        raise SaidOtherwise(name=veto)
    return draft_of(body, f"veto:{body.veto}:lifted", deed)


def _name(plan: str, way: Way, declared: Declared) -> VetoId:
    """A name that was not lifted: a move whose veto was may be vetoed again."""
    name = "/".join((plan, *way))
    numbered = (VetoId(f"{name}/{again}" if again > 1 else name) for again in count(1))
    return next(one for one in numbered if one not in declared.disruptions.lifted)


def _require_reason(reason: str) -> None:
    found = next(amiss_in_reason(reason), None)
    if found is not None:
        raise VetoSenseless(found=found)


def _in_force_mg(proposed: PlanProposed, way: Way, known: PlansKnown) -> Iterator[int]:
    before = () if proposed.revises is None else known.named(proposed.revises).flows
    for flow in before:
        if (flow.district, flow.material, flow.site) == way:
            yield flow.mass_mg
