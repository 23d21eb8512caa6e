"""Taking over: teams take work on, a round is planned anew under way, receivers confirm it all."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec
from pyvrp.stop import MaxIterations

from bioloom.circuits.orders.standing import Order
from bioloom.doors.answers.playing import ActTold
from bioloom.doors.dispatching.orders import (
    close_order,
    deliver_order,
    issue_by_hand,
    issue_for_rounds,
    orders_known,
    return_order,
    take_order,
)
from bioloom.doors.dispatching.rounds import (
    adopt_day,
    left_in,
    plan_day,
    planned_of,
    pose_day,
    propose_day,
)
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.verdiva.living import Year
from bioloom.doors.stories.verdiva.people import ASSEMBLY, OPERATOR
from bioloom.doors.stories.verdiva.places import DISTRICTS, QUARTERS
from bioloom.doors.stories.verdiva.storm.calendar import ENDS, STRIKES, WEEK
from bioloom.doors.stories.verdiva.storm.failing import DIGESTER, ZARA
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.vocabulary.agents import AgentId, operator_of
from bioloom.vocabulary.entries.circuits import PlanProposed, Unmet
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.rounds import Round, RoundsPlanned
from bioloom.vocabulary.entries.workorders import WorkOrderClosed
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId

_FAILED = operator_of("digester")
# So that the same seed gives the same rounds, however fast the machine is.
_EFFORT = 200
# What a team of people can carry off and work on [mg].
_MOST_MG = 2_000_000_000


def set_out(stage: Stage) -> Scene:
    """The day's rounds are planned; a team of Guardians takes on the one to the bioreactors."""
    stage.go_to(Instant(f"{STRIKES}T02:20:00.000Z"))
    scene = Scene(stage, "setting-out", "Before dawn a team of Guardians sets out")
    planned = _plan_rounds(stage, scene)
    route = max(planned.routes, key=lambda one: _brought_mg(one, "digester"))
    orders = _give_out(stage, scene, planned, route)
    team = _team_of(route.halts[0].place)
    stranger = scene.add(_take(stage, orders[0], team, by=OPERATOR))
    for order in orders:
        scene.add(_take(stage, order, team, by=ZARA))
    scene.must(
        "Work is taken on by who belongs to a team, and by nobody for them.",
        holds=stranger.outcome == "refused"
        and {one.state for one in _now(stage, orders)} == {"taken"},
    )
    return scene


def drive_anew(stage: Stage, year: Year) -> Scene:
    """What was on its way to a site that failed is brought elsewhere, by a round planned anew."""
    stage.go_to(Instant(f"{STRIKES}T05:40:00.000Z"))
    scene = Scene(stage, "rounds-anew", "The round under way is planned anew")
    known = orders_known(stage.city).orders.values()
    fallen = [order for order in known if order.overtaken]
    scene.told.append(
        f"{len(fallen)} of the team's orders were for what the revised plan brings elsewhere, or "
        f"nowhere: {in_tonnes(sum(order.mass_mg for order in fallen))}. They fell with the old one."
    )
    planned = _plan_rounds(stage, scene)
    wanted = {(task.place, task.material) for order in fallen for task in order.issued.tasks}
    route = max(planned.routes, key=lambda one: _fetched_mg(one, wanted))
    orders = _give_out(stage, scene, planned, route)
    team = fallen[0].team or AgentId("")
    for order in orders:
        scene.add(_take(stage, order, team, by=ZARA))
    taken = [order for order in orders_known(stage.city).live() if order.team == team]
    for order in taken:
        _bring(stage, scene, order, by=order.issued.receiver)
    _drive_the_rest(stage, year)
    brought = {(task.place, task.material) for order in orders for task in order.issued.tasks}
    scene.must(
        "Orders to a site that failed bind nobody; what they were for is brought elsewhere.",
        holds=len(fallen) > 0
        and {order.issued.receiver for order in fallen} >= {_FAILED}
        and _FAILED not in {order.issued.receiver for order in taken}
        and not wanted.isdisjoint(brought),
    )
    _must_be_confirmed(stage, scene, taken)
    return scene


def take_over(stage: Stage, at: Instant, plan: PlanProposed) -> Scene:
    """What the plan in force has no place for is given out as work; the Guardians' teams do it."""
    stage.go_to(at)
    scene = Scene(stage, "alchemies", "Microorganism Alchemies: teams take over")
    orders = [order for rest in _heaviest(plan) if (order := _ask(stage, scene, rest))]
    for number, order in enumerate(orders):
        team = order.issued.receiver
        scene.add(_take(stage, order, team, by=ZARA))
        if number == 0:
            scene.add(_turn(stage, "gives it back: no vehicle", ZARA, _returning(stage, order)))
            scene.add(_take(stage, order, team, by=ZARA))
        _bring(stage, scene, order, by=ZARA)
    _must_be_confirmed(stage, scene, orders)
    return scene


def _plan_rounds(stage: Stage, scene: Scene) -> RoundsPlanned:
    """Liam has the day's rounds planned, and puts them in force."""
    posed = pose_day(stage.city, STRIKES)
    made = plan_day(stage.city, posed, effort=lambda: MaxIterations(_EFFORT), seed=stage.seed)
    planned = planned_of(posed, made)

    def adopting() -> int:
        propose_day(stage.city, planned, author=OPERATOR)
        adopt_day(stage.city, planned.rounds, author=OPERATOR)
        return stage.head()

    did = f"puts {len(planned.routes)} rounds in force, {planned.way_m // 1000} km in all"
    scene.add(stage.tries(did, "work", OPERATOR, adopting))
    return planned


def _give_out(stage: Stage, scene: Scene, planned: RoundsPlanned, route: Round) -> list[Order]:
    """The loads of one round are given out as work."""
    orders: list[Order] = []
    vehicle = f"{route.vehicle} {route.number}"

    def issuing() -> int:
        orders.extend(
            issue_for_rounds(stage.city, planned.rounds, author=OPERATOR, vehicle=vehicle)
        )
        return stage.head()

    scene.add(stage.tries(f"gives out the loads of {vehicle}", "work", OPERATOR, issuing))
    return orders


def _brought_mg(route: Round, site: str) -> int:
    """How much a round brings to a site."""
    return sum(load.mass_mg for halt in route.halts if halt.place == site for load in halt.loads)


def _fetched_mg(route: Round, wanted: Iterable[tuple[str, str]]) -> int:
    """How much a round fetches of some materials of some districts."""
    return sum(
        load.mass_mg
        for halt in route.halts
        for load in halt.loads
        if halt.doing == "pickup" and (halt.place, load.material) in wanted
    )


def _drive_the_rest(stage: Stage, year: Year) -> None:
    """The trucks bring what the plan in force still has due, and no team has brought."""
    plan = stage.city.plans().in_force_for(WEEK)
    assert plan is not None, "the week has a plan"
    left = left_in(stage.city, plan.plan)
    year.hauling.by_plan(
        msgspec.structs.replace(one.made, lots=one.lots, mass_mg=one.mass_mg) for one in left
    )


def _heaviest(plan: PlanProposed) -> list[Unmet]:
    """What a plan leaves in the yards: the heaviest of each quarter."""
    found: dict[AgentId, Unmet] = {}
    for rest in sorted(plan.unmet, key=lambda one: (-one.mass_mg, one.district, one.material)):
        found.setdefault(_team_of(rest.district), rest)
    return list(found.values())


def _team_of(district: str) -> AgentId:
    """The team of the quarter in which a district lies."""
    return QUARTERS[DISTRICTS[int(DistrictId(district)) - 1][1]].team


def _ask(stage: Stage, scene: Scene, rest: Unmet) -> Order | None:
    """The assembly asks the team of the quarter, in the name of the district's commons."""
    made: list[Order] = []
    team = _team_of(rest.district)

    def issuing() -> int:
        made.append(
            issue_by_hand(
                stage.city,
                author=ASSEMBLY,
                district=rest.district,
                material=rest.material,
                mass_mg=min(rest.mass_mg, _MOST_MG),
                team=team,
                due=ENDS,
                source=DIGESTER,
            )
        )
        return stage.head()

    declared = stage.city.journal.declared()
    did = (
        f"asks {stage.name(team)} for {declared.materials[rest.material].name} of "
        f"{declared.districts[rest.district].name}, which the plan has no place for"
    )
    scene.add(stage.tries(did, "work", ASSEMBLY, issuing))
    return made[0] if made else None


def _take(stage: Stage, order: Order, team: AgentId, *, by: AgentId) -> ActTold:
    did = f"takes on {in_tonnes(order.mass_mg)} for {stage.name(order.issued.receiver)}"
    return _turn(
        stage, did, by, lambda: take_order(stage.city, order.issued.order, team=team, author=by)
    )


def _returning(stage: Stage, order: Order) -> Callable[[], Order]:
    return lambda: return_order(stage.city, order.issued.order, reason="no_vehicle", author=ZARA)


def _bring(stage: Stage, scene: Scene, order: Order, *, by: AgentId) -> None:
    """The team says that it brought an order, and its receiver that it came."""
    name, receiver = order.issued.order, stage.name(order.issued.receiver)
    _turn(stage, "has brought it", ZARA, lambda: deliver_order(stage.city, name, author=ZARA))
    did = f"confirms that {in_tonnes(order.mass_mg)} came to {receiver}"
    scene.add(_turn(stage, did, by, lambda: close_order(stage.city, name, author=by)))


def _turn(stage: Stage, did: str, by: AgentId, turning: Callable[[], Order]) -> ActTold:
    def trying() -> int:
        turning()
        return stage.head()

    return stage.tries(did, "work", by, trying)


def _now(stage: Stage, orders: Iterable[Order]) -> list[Order]:
    """Orders as they stand now."""
    known = orders_known(stage.city)
    return [known.named(order.issued.order) for order in orders]


def _must_be_confirmed(stage: Stage, scene: Scene, orders: Sequence[Order]) -> None:
    done = _now(stage, orders)
    mass_mg = sum(order.closed_mg or 0 for order in done)
    scene.told.append(f"The teams brought {in_tonnes(mass_mg)}; who received it has confirmed it.")
    scene.must(
        f"'{scene.title}': every order that a team took was confirmed by its receiver.",
        holds={order.state for order in done} == {"closed"},
    )
    scene.must(
        f"'{scene.title}': what the orders say was brought is what changed hands, to the "
        "milligram.",
        holds=mass_mg == _handed_mg(stage, done) > 0,
    )


def _handed_mg(stage: Stage, orders: Iterable[Order]) -> int:
    """What the events say changed hands by which some orders were closed."""
    journal, names = stage.city.journal, {order.issued.order for order in orders}
    keys = [
        key
        for entry in journal.read(kinds=["WorkOrderClosed"])
        if isinstance(entry.body, WorkOrderClosed) and entry.body.order in names
        for key in entry.body.events
    ]
    handed = Counter(
        {
            key: entry.body.quantity.units
            for key, entry in journal.current(keys).items()
            if isinstance(entry.body, EventHappened) and entry.body.quantity is not None
        }
    )
    return handed.total()
