"""Issuing: work orders out of a plan's commitments, a day's rounds, or a disruption."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import count

import msgspec

from bioloom.circuits.orders.left import Left, portions_left
from bioloom.circuits.orders.standing import OrdersKnown
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, milligrams
from bioloom.vocabulary.entries.events import CommitmentId, PromiseMade
from bioloom.vocabulary.entries.rounds import Halt, RoundsPlanned
from bioloom.vocabulary.entries.workorders import (
    OrderId,
    OrderOrigin,
    Task,
    WorkOrderIssued,
)
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.refusal import Refusal


class NothingToDo(Refusal):
    """Orders are asked for where nothing is left, or all of it is ordered already."""

    def __init__(self, *, source: str) -> None:
        self.source = source
        super().__init__(
            what=f"Nothing of '{source}' is left that no work order covers.",
            why="Two orders for the same lots would send two teams for them.",
            remedy="See the orders there are with `bioloom circuits orders list DIR`.",
        )


class RoundUnknown(Refusal):
    """The round of a vehicle is asked for that has none."""

    def __init__(self, *, rounds: str, vehicle: str, there: Sequence[str]) -> None:
        self.rounds, self.vehicle = rounds, vehicle
        super().__init__(
            what=f"'{vehicle[:80]}' has no round in '{rounds}'.",
            why="A round is named by the class of its vehicle and its number.",
            remedy=f"Name one of these: {', '.join(there) or 'there are none'}.",
        )


class NotAtHand(Refusal):
    """Less of a material lies with whoever is to give it than an order would bring."""

    def __init__(self, *, provider: AgentId, material: MaterialId, missing_mg: int) -> None:
        self.provider, self.material, self.missing_mg = provider, material, missing_mg
        super().__init__(
            what=f"'{provider}' lacks {missing_mg} mg of {material} for this order.",
            why="An order names the lots that are to be brought, to the milligram.",
            remedy="Order less, or record what lies there first.",
        )


class NothingAsked(Refusal):
    """A team is asked to bring nothing."""

    def __init__(self, *, material: MaterialId) -> None:
        self.material = material
        super().__init__(
            what=f"No mass of {material} is asked for.",
            why="An order brings something, in whole milligrams.",
            remedy="Say how much is to be brought.",
        )


class TeamPrivate(Refusal):
    """Work is to be given to, or taken by, a person or a household."""

    def __init__(self, *, team: AgentId) -> None:
        self.team = team
        super().__init__(
            what=f"'{team}' is a person or a household, or not in the record.",
            why="Who does which work is public, and what a person does is theirs.",
            remedy="Name a team: an organisation or a commons, which people belong to.",
        )


@dataclass(slots=True)
class _Free:
    """What is free of a flow, taken off as orders are made of it."""

    left: Left
    lots: tuple[Portion, ...]
    mass_mg: int

    def take(self, most_mg: int) -> Task | None:
        """The oldest of it as a task, as much as there is."""
        mass_mg = min(most_mg, self.mass_mg)
        if mass_mg <= 0:
            return None
        taken = portions_left(self.lots, Counter(), mass_mg)
        gone = Counter({portion.lot: portion.mass_mg for portion in taken})
        self.mass_mg -= mass_mg
        self.lots = portions_left(self.lots, gone, self.mass_mg)
        return _task(self.left, taken, mass_mg)


def from_plan(plan: str, left: Sequence[Left], known: OrdersKnown) -> tuple[WorkOrderIssued, ...]:
    """An order for each commitment of a plan, for what no live order covers yet.

    Raises:
        NothingToDo: If there is none.
    """
    spoken, names = known.spoken_for(), set(known.orders)
    orders = []
    for one in left:
        lots, mass_mg = _free(one, spoken)
        if mass_mg:
            task = _task(one, lots, mass_mg)
            orders.append(_issued(names, ("plan", plan), one.made.receiver, [task], one.made.due))
    if not orders:
        raise NothingToDo(source=plan)
    return tuple(orders)


def from_rounds(
    planned: RoundsPlanned, left: Sequence[Left], known: OrdersKnown
) -> tuple[WorkOrderIssued, ...]:
    """An order for each load of a day's rounds, for what no live order covers yet.

    Raises:
        NothingToDo: If there is none.
    """
    spoken, names = known.spoken_for(), set(known.orders)
    # Of one way several commitments may stand, one under way and one made since.
    free: defaultdict[tuple[str, str, str], list[_Free]] = defaultdict(list)
    for one in left:
        free[one.district, one.material, one.site].append(_Free(one, *_free(one, spoken)))
    orders = []
    for site, aboard in _loads(planned):
        tasks = [
            task
            for halt in aboard
            for load in halt.loads
            for task in _taken(free[halt.place, load.material, site], load.mass_mg)
        ]
        if tasks:
            receiver = _receiver(tasks[0], left)
            orders.append(_issued(names, ("rounds", planned.rounds), receiver, tasks, planned.day))
    if not orders:
        raise NothingToDo(source=planned.rounds)
    return tuple(orders)


def only_of(planned: RoundsPlanned, vehicle: str) -> RoundsPlanned:
    """Rounds with the one of a vehicle alone, named by its class and its number: `lorry 3`.

    Raises:
        RoundUnknown: If it has none.
    """
    routes = {f"{route.vehicle} {route.number}": route for route in planned.routes}
    if vehicle not in routes:
        raise RoundUnknown(rounds=planned.rounds, vehicle=vehicle, there=list(routes))
    return msgspec.structs.replace(planned, routes=(routes[vehicle],))


def by_hand(
    *,
    source: str,
    place: str,
    provider: AgentId,
    team: AgentId,
    material: MaterialId,
    at_hand: Sequence[Portion],
    mass_mg: int,
    due: date,
    known: OrdersKnown,
) -> tuple[WorkOrderIssued, PromiseMade]:
    """An order that asks one team to take lots over, as where a site is out, and the promise to it.

    Args:
        source: The disruption, or whatever it is for.
        place: Where the lots are to be fetched.
        provider: Whose they are.
        team: Who is asked to take them over: their receiver.
        material: What they are of.
        at_hand: What the provider has that no live order covers, oldest first.
        mass_mg: How much is asked for.
        due: By when.
        known: All orders so far.

    Raises:
        NothingAsked, NotAtHand: If that is nothing, or the provider has less.
    """
    if mass_mg <= 0:
        raise NothingAsked(material=material)
    lots = portions_left(at_hand, Counter(), mass_mg)
    missing_mg = mass_mg - sum(portion.mass_mg for portion in lots)
    if missing_mg > 0:
        raise NotAtHand(provider=provider, material=material, missing_mg=missing_mg)
    digest = _digest((source, place, provider, team, material, lots, due))
    commitment = CommitmentId(f"takeover:{digest}")
    task = Task(
        commitment=commitment,
        provider=provider,
        material=material,
        place=place,
        lots=lots,
        mass_mg=mass_mg,
    )
    order = _issued(set(known.orders), ("disruption", source), team, [task], due, team=team)
    promise = PromiseMade(
        commitment=commitment,
        action="transfer",
        provider=provider,
        receiver=team,
        amount=milligrams(mass_mg),
        base_unit=MILLIGRAM,
        material=material,
        due=due,
    )
    return order, promise


def _free(
    one: Left, spoken: Mapping[CommitmentId, Counter[LotId]]
) -> tuple[tuple[Portion, ...], int]:
    """What of a commitment no live order covers."""
    covered = spoken.get(CommitmentId(one.made.commitment), Counter())
    mass_mg = one.mass_mg - covered.total()
    return portions_left(one.lots, covered, mass_mg), max(0, mass_mg)


def _loads(planned: RoundsPlanned) -> Iterator[tuple[str, list[Halt]]]:
    for route in planned.routes:
        aboard: list[Halt] = []
        for halt in route.halts:
            if halt.doing == "pickup":
                aboard.append(halt)
            else:
                yield halt.place, aboard
                aboard = []


def _taken(free: Sequence[_Free], mass_mg: int) -> Iterator[Task]:
    """A load out of the commitments of its way, the oldest first."""
    for one in free:
        task = one.take(mass_mg)
        if task is not None:
            mass_mg -= task.mass_mg
            yield task


def _task(one: Left, lots: tuple[Portion, ...], mass_mg: int) -> Task:
    return Task(
        commitment=CommitmentId(one.made.commitment),
        provider=one.made.provider,
        material=one.made.material,
        place=one.district,
        lots=lots,
        mass_mg=mass_mg,
    )


def _receiver(task: Task, left: Sequence[Left]) -> AgentId:
    return next(one.made.receiver for one in left if one.made.commitment == task.commitment)


def _issued(
    names: set[OrderId],
    source: tuple[OrderOrigin, str],
    receiver: AgentId,
    tasks: Sequence[Task],
    due: date,
    *,
    team: AgentId | None = None,
) -> WorkOrderIssued:
    """An order named by what it says, and numbered where others say the same, such as loads."""
    name = f"work_{_digest((source, receiver, tasks, due))}"
    numbered = (OrderId(f"{name}-{again}" if again else name) for again in count())
    order = next(one for one in numbered if one not in names)
    names.add(order)
    return WorkOrderIssued(
        order=order,
        origin=source[0],
        source=source[1],
        receiver=receiver,
        tasks=tuple(tasks),
        due=due,
        team=team,
    )


def _digest(told: object) -> str:
    return sha256(msgspec.json.encode(told)).hexdigest()[:12]
