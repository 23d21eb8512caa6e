"""Overflowing: sites fail and nobody plans anew; what they held and were to get goes to the next.

It is there to be compared with: each district does what the plan said, and turns to the nearest
site that is still open where it cannot.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bioloom.circuits.cascading.courses import (
    HOURS_PER_DAY,
    Course,
    Failure,
    Hour,
    Storm,
    course_of,
    of_hour,
)
from bioloom.circuits.cascading.reaching import Line, Reach
from bioloom.circuits.posing import Node
from bioloom.vocabulary.entries.circuits import Flow


def overflowed(
    storm: Storm, reach: Reach, flows: Sequence[Flow], *, tolerance_per_mille: int
) -> Course:
    """Let a plan run on by itself, hour after hour, while sites fail.

    What comes to an intake and what it still has from before is its load. Up to its room it works
    it off, the same share of everything. Above its room and the tolerance it fails for good, and
    all that it held is its district's again. What has lost its site goes, the hour it did, to the
    nearest that is open and that it may go to, however full that is; what failed in an hour goes on
    in the next.

    Args:
        storm: What is followed.
        reach: Where things may go in it.
        flows: The plan of its period.
        tolerance_per_mille: What an intake bears above its room [1/1000 of the room].
    """
    run = _Run(storm, reach, flows, tolerance_per_mille)
    ends: list[Mapping[Node, int]] = []
    told: list[Hour] = []
    for hour in range(storm.hours):
        arrived_mg, taken_mg = run.hour(hour)
        ends.append(dict(run.waiting))
        told.append(
            Hour(
                hour=hour,
                arrived_mg=arrived_mg,
                taken_mg=taken_mg,
                waiting_mg=sum(run.waiting.values()),
                held_mg=sum(sum(held.values()) for held in run.held.values()),
            )
        )
    return course_of(storm, told, ends, (*storm.failures(), *run.failures))


class _Run:
    """What waits in districts, what of it has lost its site, and what sites hold."""

    def __init__(
        self, storm: Storm, reach: Reach, flows: Sequence[Flow], tolerance_per_mille: int
    ) -> None:
        self._storm = storm
        self._hours = HOURS_PER_DAY * storm.period.days
        self._bearable_per_mille = 1000 + tolerance_per_mille
        self._nearest = reach.nearest
        self._flows = [
            ((flow.district, flow.material), self._line(flow), flow.mass_mg) for flow in flows
        ]
        # What each has room for in the whole period [mg].
        self._open = {line: mass_mg for line, mass_mg in reach.room_mg.items() if mass_mg}
        self.waiting: defaultdict[Node, int] = defaultdict(int)
        self._adrift: defaultdict[Node, int] = defaultdict(int)
        self.held: dict[Line, defaultdict[Node, int]] = {
            line: defaultdict(int) for line in self._open
        }
        self.failures: list[Failure] = []

    def _line(self, flow: Flow) -> Line:
        """The first intake of a flow's site that takes it stands for the site."""
        near = self._nearest[flow.district, flow.material]
        return min(line for line in near if line[0] == flow.site)

    def _close(self, line: Line) -> None:
        del self._open[line]
        for node, mass_mg in self.held[line].items():
            self.waiting[node] += mass_mg
            self._adrift[node] += mass_mg
        self.held[line].clear()

    def hour(self, hour: int) -> tuple[int, int]:
        """One hour; what arrived and what was taken in it [mg]."""
        closed = self._storm.closed_in(hour)
        for line in [line for line in self._open if line[0] in closed]:
            self._close(line)
        arriving = self._storm.arriving_mg(hour)
        for node, mass_mg in arriving.items():
            self.waiting[node] += mass_mg
        for node, line, mass_mg in self._flows:
            planned_mg = of_hour(mass_mg, hour, self._hours)
            if line in self._open:
                self._send(node, line, planned_mg)
            else:
                self._adrift[node] += planned_mg
        for node, mass_mg in list(self._adrift.items()):
            nearest = next((line for line in self._nearest[node] if line in self._open), None)
            if nearest is not None:
                self._send(node, nearest, mass_mg)
                del self._adrift[node]
        taken_mg = sum(self._work_off(line, hour) for line in list(self._open))
        return sum(arriving.values()), taken_mg

    def _send(self, node: Node, line: Line, mass_mg: int) -> None:
        self.waiting[node] -= mass_mg
        self.held[line][node] += mass_mg

    def _work_off(self, line: Line, hour: int) -> int:
        held = self.held[line]
        load_mg, room = sum(held.values()), of_hour(self._open[line], hour, self._hours)
        if load_mg * 1000 > room * self._bearable_per_mille:
            self.failures.append(
                Failure(site=line[0], hour=hour, cause="overload", load_mg=load_mg, room_mg=room)
            )
            self._close(line)
            return 0
        left_mg = max(0, load_mg - room)
        self.held[line] = defaultdict(int, _shared_out(held, left_mg))
        return load_mg - left_mg


def _shared_out(masses_mg: Mapping[Node, int], total_mg: int) -> dict[Node, int]:
    """A total over masses in their proportion, by largest remainder; each at most its own."""
    whole_mg = sum(masses_mg.values())
    if not total_mg:
        return {}
    shared = {node: mass_mg * total_mg // whole_mg for node, mass_mg in masses_mg.items()}
    by_remainder = sorted(shared, key=lambda node: (-(masses_mg[node] * total_mg % whole_mg), node))
    for node in by_remainder[: total_mg - sum(shared.values())]:
        shared[node] += 1
    return shared
