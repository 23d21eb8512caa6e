"""New York's 2022 planned from what was known at the end of 2021, and carried out on what came.

    python -m benchmarks.held_back

The months of 2022 are forecast from those before, and planned together, as fairly as can be. Then
what truly came goes where the plan has it, in the same shares; what finds no room is not served,
nor is the share that the plan left unmet, nor what it has no word of. Where "all" is "sent", both
are: in the plan's shares of sites, and to the nearest site where the plan has no word. Rivals: the
plan of 2021 kept for another year; everything to its nearest site, which needs no forecast and
knows no rooms; and the plan that only hindsight could have made. "Month by month" forecasts and
plans each month when the one before it is known.

Service is a district's share of a group placed over the year, so no plan of the year serves the
least served better than hindsight. The sites of New York have room for all of it, so the same is
told of made-up cities whose sites have, by group, room for nine and eight tenths of what came.
CPU seconds are those of making the plan, the median of five; peak memory is that of all of it.
"""

import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec
import numpy as np

from benchmarks.measuring import print_table
from benchmarks.new_york import NewYork, new_york
from bioloom.circuits.forecasting.forecasting import forecast
from bioloom.circuits.horizon.carrying import carry_out, unplanned
from bioloom.circuits.horizon.naming import movements
from bioloom.circuits.posing import Cell, Floats, Node, Problem, pose_ahead
from bioloom.circuits.settling import settle
from bioloom.circuits.splitting import split
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.quantities import MG_PER_TONNE

KNOWN_UNTIL, TIMES = 2021, 5
ROOMS: tuple[float | None, ...] = (None, 0.9, 0.8)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
Offers = Sequence[Mapping[Node, int]]
Flows = list[tuple[Flow, ...]]


@dataclass(frozen=True)
class Year:
    """A city, the months to plan, and what was known, thought and true of them."""

    declared: Declared
    months: Sequence[Period]
    came_mg: Offers
    last_year_mg: Offers
    forecast_mg: Offers
    month_by_month_mg: Offers


@dataclass(frozen=True)
class Planned:
    """What was expected, and by month where it was to go."""

    expected_mg: Offers
    flows: Flows


def main() -> None:
    city = new_york()
    if city is None:
        return
    start_s = time.process_time()
    year = held_back(city)
    print(f"Forecasts: {time.process_time() - start_s:.1f} CPU s.", end=" ")
    print(f"Came in {KNOWN_UNTIL + 1}: {_tonnes(year.came_mg):,.0f} t;", end=" ")
    print(f"forecast at the end of {KNOWN_UNTIL}: {_tonnes(year.forecast_mg):,.0f} t.")
    for room in ROOMS:
        tell(year if room is None else replace(year, declared=tightened(year, room)), room)
    print(f"Peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")


def held_back(city: NewYork) -> Year:
    """2022 with what was known of it before, and what was thought."""
    known, came = city.until(KNOWN_UNTIL), city.of(KNOWN_UNTIL + 1)
    told = forecast(known, len(came))
    month_by_month = []
    for month in came:
        before = {one: mg for one, mg in city.months_mg.items() if one.last < month.first}
        month_by_month.append(forecast(before, 1).offered_mg(month))
    return Year(
        declared=city.declared,
        months=tuple(came),
        came_mg=tuple(came.values()),
        last_year_mg=tuple(city.of(KNOWN_UNTIL).values()),
        forecast_mg=tuple(map(told.offered_mg, came)),
        month_by_month_mg=month_by_month,
    )


def tightened(year: Year, share: float) -> Declared:
    """The city with sites that have room, by group, for a share of what came in the year."""
    days = sum(month.days for month in year.months)
    came: dict[GroupId, int] = {}
    rooms: dict[GroupId, int] = {}
    for offered in year.came_mg:
        for (_, material), mass_mg in offered.items():
            group = year.declared.materials[material].group
            came[group] = came.get(group, 0) + mass_mg
    intakes = [intake for site in year.declared.sites.values() for intake in site.intakes]
    for intake in intakes:
        [group] = intake.accepts
        rooms[group] = rooms.get(group, 0) + intake.capacity_mg_per_day * days
    factor = {group: share * came[group] / rooms[group] for group in rooms}
    sites = {
        name: msgspec.structs.replace(
            site,
            intakes=tuple(
                msgspec.structs.replace(
                    one,
                    capacity_mg_per_day=round(one.capacity_mg_per_day * factor[one.accepts[0]]),
                )
                for one in site.intakes
            ),
        )
        for name, site in year.declared.sites.items()
    }
    return replace(year.declared, sites=sites)


def tell(year: Year, room: float | None) -> None:
    """Print what each plan came to, and how unevenly what was left unserved is spread."""
    plans: dict[str, Callable[[], Planned]] = {
        "hindsight": lambda: together(year, year.came_mg),
        "forecast": lambda: together(year, year.forecast_mg),
        "month by month": lambda: one_by_one(year, year.month_by_month_mg),
        f"as planned for {KNOWN_UNTIL}": lambda: together(year, year.last_year_mg),
        "all to the nearest": lambda: to_nearest(year, Planned([{}] * len(year.months), [])),
    }
    done: dict[str, Result] = {}
    for name, plan in plans.items():
        planned, cpu_s = timed(plan)
        done[name] = execute(year, planned, cpu_s)
        if name not in ("hindsight", "all to the nearest"):
            sent, more_s = timed(partial(all_sent, year, planned))
            done[f"{name}, all sent"] = execute(year, sent, cpu_s + more_s)
    best = done["hindsight"]
    title = "Sites as declared" if room is None else f"Made-up sites with room for {room:.0%}"
    columns = ["", "least", "median", "least month", "regret: least", "mean", "largest"]
    columns += ["unserved t", "unplanned t", "Mt km", "CPU s"]
    print_table(title, columns, [_row(name, one, best) for name, one in done.items()])
    groups = sorted({group for _, group in best.cells})
    least = [[name, *_least_of(one, groups)] for name, one in done.items()]
    print_table(f"{title}: the least served of each group", ["", *groups], least)
    columns = ["", *(f"{at:.0%}" for at in QUANTILES), "the ten largest"]
    title = f"{title}: unserved share times need, sorted"
    print_table(title, columns, [_spread(name, one) for name, one in done.items()])


def timed(plan: Callable[[], Planned]) -> tuple[Planned, float]:
    """A plan, and the median CPU seconds of making it [s]."""
    taken_s = []
    for _ in range(TIMES):
        start_s = time.process_time()
        made = plan()
        taken_s.append(time.process_time() - start_s)
    return made, statistics.median(taken_s)


@dataclass(frozen=True)
class Result:
    """What a plan came to: each cell's share served, and what went how far."""

    cells: tuple[Cell, ...]
    # Of the year, shape (cells,), and the least of any month.
    service: Floats
    least_month: float
    need: Floats
    unserved_t: float
    unplanned_t: float
    way_t_km: float
    cpu_s: float


def together(year: Year, expected_mg: Offers) -> Planned:
    """All months as one plan, as fair over the year as can be."""
    return Planned(expected_mg, fairest(year.declared, expected_mg, year.months))


def one_by_one(year: Year, expected_mg: Offers) -> Planned:
    """Each month's plan made alone."""
    flows: Flows = []
    for month, offered in zip(year.months, expected_mg, strict=True):
        flows += fairest(year.declared, [offered], [month])
    return Planned(expected_mg, flows)


def fairest(declared: Declared, offered_mg: Offers, months: Sequence[Period]) -> Flows:
    """The flows of the fairest plan, by month."""
    parts = [settle(part) for part in split(pose_ahead(declared, offered_mg, months))]
    assert all(part.verdict.checked for part in parts), "the checker vouches for every plan"
    return [movements(parts, number).flows for number in range(len(months))]


def all_sent(year: Year, planned: Planned) -> Planned:
    """The plan without what it would have left unmet: all is sent, and sites turn away the rest."""
    placed: list[dict[Node, int]] = []
    for flows in planned.flows:
        of_month: Counter[Node] = Counter()
        for flow in flows:
            of_month[flow.district, flow.material] += flow.mass_mg
        placed.append(dict(of_month))
    return to_nearest(year, Planned(placed, planned.flows))


def to_nearest(year: Year, planned: Planned) -> Planned:
    """The plan, with all that it has no word of sent to the nearest site, whatever its room."""
    rest = [
        {node: mg for node, mg in came.items() if not expected.get(node)}
        for came, expected in zip(year.came_mg, planned.expected_mg, strict=True)
    ]
    posed = pose_ahead(year.declared, rest, year.months)
    flows: Flows = []
    for number, offered in enumerate(planned.flows or [()] * len(rest)):
        nearest = [
            Flow(district=node[0], material=node[1], site=posed.sites[intake], mass_mg=mass_mg)
            for node, intake, mass_mg in _nearest(posed, number)
        ]
        flows.append((*offered, *nearest))
    expected = [{**one, **more} for one, more in zip(planned.expected_mg, rest, strict=True)]
    return Planned(expected, flows)


def _nearest(problem: Problem, period: int) -> Iterator[tuple[Node, int, int]]:
    for node in np.flatnonzero(problem.node_period == period).tolist():
        arcs = np.flatnonzero(problem.arc_node == node)
        nearest = arcs[np.argmin(problem.arc_km[arcs])]
        yield problem.nodes[node], int(problem.arc_intake[nearest]), int(problem.supply_mg[node])


def execute(year: Year, planned: Planned, cpu_s: float) -> Result:
    """What the plan comes to on what truly came."""
    problem = pose_ahead(year.declared, planned.expected_mg, year.months, in_force=planned.flows)
    # One room takes each group at a site here, so the flows of the names are those of the arcs.
    done = carry_out(problem, problem.in_force_mg, year.came_mg)
    short: Counter[tuple[int, Cell]] = Counter()
    for t, node, mass_mg in zip(
        problem.node_period.tolist(), problem.nodes, done.masses.unmet_mg.tolist(), strict=True
    ):
        short[t, _cell(year, node)] += mass_mg
    left_out = unplanned([problem], year.came_mg)
    for (t, node), mass_mg in left_out.items():
        short[t, _cell(year, node)] += mass_mg
    came: Counter[tuple[int, Cell]] = Counter()
    for t, offered in enumerate(year.came_mg):
        for node, mass_mg in offered.items():
            came[t, _cell(year, node)] += mass_mg
    of_year = {one: Counter[Cell]() for one in ("came", "short")}
    for (t, cell), mass_mg in came.items():
        of_year["came"][cell] += mass_mg
        of_year["short"][cell] += short[t, cell]
    cells = sorted(cell for cell, mass_mg in of_year["came"].items() if mass_mg)
    needs = [year.declared.districts[district].need_per_mille / 1000 for district, _ in cells]
    return Result(
        cells=tuple(cells),
        service=np.array([1 - of_year["short"][c] / of_year["came"][c] for c in cells]),
        least_month=min(1 - short[key] / mass_mg for key, mass_mg in came.items() if mass_mg),
        need=np.array(needs),
        unserved_t=short.total() / MG_PER_TONNE,
        unplanned_t=sum(left_out.values()) / MG_PER_TONNE,
        way_t_km=float(done.masses.flows_mg @ problem.arc_km) / MG_PER_TONNE,
        cpu_s=cpu_s,
    )


def _cell(year: Year, node: Node) -> Cell:
    return node[0], year.declared.materials[node[1]].group


def _row(name: str, one: Result, best: Result) -> list[str]:
    missed = np.sort(best.service) - np.sort(one.service)
    return [
        name,
        *(f"{share:.3f}" for share in (one.service.min(), np.median(one.service))),
        f"{one.least_month:.3f}",
        *(f"{regret:.3f}" for regret in (missed[0], missed.mean(), missed.max())),
        *(f"{mass_t:,.0f}" for mass_t in (one.unserved_t, one.unplanned_t)),
        *(f"{figure:.2f}" for figure in (one.way_t_km / 1e6, one.cpu_s)),
    ]


def _least_of(one: Result, groups: Sequence[GroupId]) -> Iterator[str]:
    for group in groups:
        shares = zip(one.cells, one.service.tolist(), strict=True)
        yield f"{min(share for (_, of), share in shares if of == group):.3f}"


def _spread(name: str, one: Result) -> list[str]:
    lacks = np.sort(one.need * (1 - one.service))
    largest = " ".join(f"{share:.3f}" for share in lacks[:-11:-1])
    return [name, *(f"{np.quantile(lacks, at):.3f}" for at in QUANTILES), largest]


def _tonnes(offers: Offers) -> float:
    return sum(sum(offered.values()) for offered in offers) / MG_PER_TONNE


if __name__ == "__main__":
    main()
