"""Rounds of a day in a city: planned from its record, proposed, and put in force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyvrp.stop import StoppingCriterion

from bioloom.circuits.orders.left import Left, left_of
from bioloom.circuits.proposing import period_of
from bioloom.circuits.replanning.undertaken import undertaken
from bioloom.circuits.rounds.due import due_on
from bioloom.circuits.rounds.fleet import Fleet, point_of
from bioloom.circuits.rounds.planning import RoundsMade, plan_rounds
from bioloom.circuits.rounds.posing import Due, RoundsProblem, places_of, pose_rounds
from bioloom.circuits.rounds.proposing import (
    ROUNDS_KINDS,
    RoundsKnown,
    adopt_rounds,
    inputs_sha256,
    propose_rounds,
)
from bioloom.circuits.rounds.ways import DETOUR_PER_MILLE, Ways, great_circle_ways, read_roads
from bioloom.doors.compose import City, now
from bioloom.doors.dispatching.fleet import fleet, rows_of
from bioloom.doors.register.deciding import decide_once, see_that_may
from bioloom.ledger.declared import Declared
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import THE_CITY, may
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.rounds import RoundsAdopted, RoundsPlanned
from bioloom.vocabulary.places import Point
from bioloom.vocabulary.refusal import Refusal


class NoPlanInForce(Refusal):
    """Rounds or work orders are asked for a day on which no plan is in force."""

    def __init__(self, *, day: date | None) -> None:
        self.day = day
        when = "yet" if day is None else f"on {day}"
        super().__init__(
            what=f"No plan is in force {when}.",
            why="Rounds and work orders fetch what a plan in force has due.",
            remedy="Propose one with `bioloom plan DIR --propose`, and adopt it.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPosed:
    """What a plan in force has due on a day, and the loads and vehicles for it."""

    plan: PlanProposed
    day: date
    declared: Declared
    fleet: Fleet
    due_mg: Mapping[Due, int]
    problem: RoundsProblem

    def points(self) -> dict[str, Point]:
        """Where each of its places is."""
        places = self.problem.ways.places
        return {place: point_of(place, self.declared, self.fleet) for place in places}

    def depots(self) -> dict[str, str]:
        """The depot of each class of vehicles."""
        return {vehicle.vehicle: vehicle.depot for vehicle in self.problem.vehicles}


def rounds_known(city: City) -> RoundsKnown:
    """The rounds planned and adopted so far."""
    known = RoundsKnown()
    for entry in city.journal.read(kinds=ROUNDS_KINDS):
        known.fold(entry)
    return known


def plan_for(city: City, day: date | None) -> tuple[PlanProposed, date]:
    """The plan in force on a day, or where none is named today's, or else the newest.

    Raises:
        NoPlanInForce: If there is none.
    """
    known = city.plans()
    plans = [known.proposed[name] for name in reversed(known.in_force)]
    asked = day or city.today()
    found = next((plan for plan in plans if period_of(plan).has(asked)), None)
    if found is not None:
        return found, asked
    if day is not None or not plans:
        raise NoPlanInForce(day=day)
    newest = max(plans, key=lambda plan: plan.first_day)
    return newest, newest.first_day


def left_in(city: City, plan: str) -> list[Left]:
    """What is left of the commitments of a plan in force."""
    return left_of(undertaken(plan, city.plans(), city.journal))


def pose_day(
    city: City,
    day: date | None = None,
    *,
    roads: Path | None = None,
    detour_per_mille: int = DETOUR_PER_MILLE,
) -> DayPosed:
    """What is due on a day, as loads for the vehicles there are.

    Args:
        city: An open city.
        day: Of a plan in force; today, or the first day of the newest, unless given.
        roads: A table of ways; modelled from great circles unless given.
        detour_per_mille: By how much a road is longer than those.

    Raises:
        NoPlanInForce, NoFleet, TooManyLoads, RoadMissing, RoadUnreadable.
    """
    plan, day = plan_for(city, day)
    declared, vehicles = city.journal.declared(), fleet(city)
    due_mg = due_on(day, period_of(plan), left_in(city, plan.plan))
    places = places_of(vehicles, due_mg)
    ways = _ways(places, declared, vehicles, roads, detour_per_mille)
    problem = pose_rounds(declared, vehicles, due_mg, ways)
    return DayPosed(
        plan=plan, day=day, declared=declared, fleet=vehicles, due_mg=due_mg, problem=problem
    )


def plan_day(
    city: City, posed: DayPosed, *, effort: Callable[[], StoppingCriterion], seed: int
) -> RoundsMade:
    """Plan the rounds of a day, beginning with those in force on it or on the last day before."""
    before = rounds_known(city).to_begin_with(posed.day)
    groups = {name: told.group for name, told in posed.declared.materials.items()}
    return plan_rounds(
        posed.problem,
        posed.due_mg,
        groups,
        effort=effort,
        seed=seed,
        in_force=() if before is None else before.routes,
    )


def planned_of(posed: DayPosed, made: RoundsMade) -> RoundsPlanned:
    """Rounds as they would stand in the record.

    Raises:
        RoundsUnsound: If the checker found a fault in them.
    """
    return propose_rounds(made, posed.problem, posed.due_mg, plan=posed.plan.plan, day=posed.day)


def propose_day(city: City, planned: RoundsPlanned, *, author: AgentId) -> None:
    """Record rounds as a proposal; the same twice is one.

    Raises:
        NotPermitted: If the author may not dispatch.
    """

    def deciding(deed: Deed) -> Draft[RoundsPlanned]:
        may(author, "dispatch", THE_CITY, deed.people, at=deed.at)
        key = planned.rounds
        return Draft(body=planned, occurred_at=deed.when, author=author, idempotency_key=key)

    decide_once(city, author, deciding, occurred_at=city.clock())


def adopt_day(city: City, rounds: str, *, author: AgentId) -> RoundsAdopted:
    """Put planned rounds in force for their day.

    Raises:
        NotPermitted: If the author may not dispatch.
        RoundsUnknown, RoundsThere: If there are none, or they were adopted before.
        RoundsOutdated: If what is due, a vehicle or an hour is another now.
        RecordMovedOn: If something was recorded meanwhile.
    """
    decided_at = city.journal.head().seq
    see_that_may(city, author, "dispatch")
    known = rounds_known(city)
    posed = pose_day(city, known.named(rounds).day)
    current = inputs_sha256(posed.problem, posed.due_mg)
    adopted = adopt_rounds(rounds, known, current_inputs_sha256=current)
    draft = Draft(
        body=adopted,
        occurred_at=city.clock(),
        author=author,
        idempotency_key=f"adopted:{rounds}",
    )
    city.journal.record([draft], recorded_at=now(), decided_at=decided_at)
    return adopted


def _ways(
    places: Sequence[str],
    declared: Declared,
    vehicles: Fleet,
    roads: Path | None,
    detour_per_mille: int,
) -> Ways:
    if roads is not None:
        return read_roads(*rows_of(roads), places)
    points = {place: point_of(place, declared, vehicles) for place in places}
    return great_circle_ways(points, detour_per_mille=detour_per_mille)
