"""Placing: where a lot goes by the plan, and by which commitment."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from bioloom.circuits.planning import Plan
from bioloom.circuits.proposing import PlansKnown, period_of
from bioloom.circuits.replanning.undertaken import undertaken_elsewhere
from bioloom.doors.compose import City
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import lot, supply_lots
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass of a lot on its way to a site; to none where no site takes it."""

    site: SiteId | None
    mass_mg: int
    commitment: str | None = None


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A lot in a plan. Lots are taken oldest first, to the sites in the order of their ids."""

    lot: LotId
    district: DistrictId
    material: MaterialId
    # None where the material has none, and with it no plan.
    group: GroupId | None
    period: Period
    # The plan in force for these days, if there is one.
    plan: str | None = None
    with_backlog: bool = False
    # What of it the plan counts [mg]; nothing where no district offers it.
    mass_mg: int = 0
    goes: tuple[Going, ...] = ()

    def in_plan(self, city: City, plan: Plan) -> "Placed":
        """Where it goes: as committed, or by the plan of its days."""
        goes = self.goes
        if not goes:
            zone = city.settings.zone
            offered = supply_lots(city.journal, self.period, zone, backlog=self.with_backlog)
            portions = offered.get((self.district, self.material), [])
            goes = tuple(_goes(self.lot, portions, _flows(plan, self)))
        mass_mg = sum(going.mass_mg for going in goes)
        return msgspec.structs.replace(self, mass_mg=mass_mg, goes=goes)


def place(city: City, name: LotId, period: Period | None) -> Placed:
    """Find a lot, and the plan in force that has it.

    Args:
        city: Whose record.
        name: The lot.
        period: The days whose plan is asked about; those of a plan in force that commits the lot,
            or those of the month in which it happened that have the same Codes, unless given.

    Raises:
        LotUnknown: If the record has no such lot.
    """
    row = lot(city.journal, name)
    if row is None:
        raise LotUnknown(lot=name)
    declared, plans = city.journal.declared(), city.plans()
    material = declared.materials.get(row.material)
    known = {plan: plans.proposed[plan] for plan in plans.in_force}
    if period is not None:
        known = {plan: one for plan, one in known.items() if period_of(one) == period}
    committed = _committed(city, name, plans, known)
    plan = next(iter(committed), None)
    days = codes_of(city.journal).days_around(row.last_day) if period is None else period
    return Placed(
        lot=name,
        district=DistrictId(row.place),
        material=row.material,
        group=None if material is None else material.group,
        period=days if plan is None else period_of(known[plan]),
        plan=plan,
        with_backlog=plan is not None and known[plan].with_backlog,
        goes=tuple(committed[plan]) if plan is not None else (),
    )


def _committed(
    city: City, name: LotId, plans: PlansKnown, asked: Iterable[str]
) -> dict[str, list[Going]]:
    """The commitments that name a lot, by plan in force: those that it stands on are its own."""
    plan_of = {older: plan for plan in asked for older in plans.stands_on(plan)}
    committed: dict[str, list[Going]] = {}
    for one in undertaken_elsewhere(None, {name}, plans, city.journal):
        made, (_, _, site) = one.made, one.way
        if made.plan in plan_of:
            mass_mg = sum(portion.mass_mg for portion in made.lots if portion.lot == name)
            going = Going(site=site, mass_mg=mass_mg, commitment=made.commitment)
            committed.setdefault(plan_of[made.plan], []).append(going)
    return committed


def _flows(plan: Plan, placed: Placed) -> list[Flow]:
    node = placed.district, placed.material
    return [flow for flow in plan.flows if (flow.district, flow.material) == node]


def _goes(name: LotId, portions: Sequence[Portion], flows: Sequence[Flow]) -> Iterator[Going]:
    """What of a lot goes where, if the oldest lots are taken first; what is left goes nowhere."""
    begins_mg = 0
    for portion in portions:
        ends_mg = begins_mg + portion.mass_mg
        if portion.lot == name:
            before_mg = 0
            for flow in flows:
                after_mg = before_mg + flow.mass_mg
                mass_mg = min(ends_mg, after_mg) - max(begins_mg, before_mg)
                if mass_mg > 0:
                    yield Going(site=flow.site, mass_mg=mass_mg)
                before_mg = after_mg
            rest_mg = ends_mg - max(begins_mg, before_mg)
            if rest_mg > 0:
                yield Going(site=None, mass_mg=rest_mg)
        begins_mg = ends_mg
