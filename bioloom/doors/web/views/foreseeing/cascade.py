"""A cascade as its page shows it: three courses beside each other, and what waits where."""

from collections.abc import Iterable

import msgspec

from bioloom.circuits.cascading.cascading import Cascade
from bioloom.circuits.cascading.courses import Course, Failure, GuaranteeMissed
from bioloom.doors.web.views.foreseeing.charts import Chart, draw_curves, draw_small
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId

# Districts that stand in the table, those first in which most waits.
MOST_DISTRICTS = 100

# Less than a gram is what rounding an hour's flows to milligrams leaves over, and is not told.
_LEAST_MG = 1_000


class CourseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A course at its end [mg], and the share of what arrived that was worked off [1]."""

    course: str
    arrived_mg: int
    taken_mg: int
    waiting_mg: int
    held_mg: int
    share: float
    overloads: int


class DistrictRow(msgspec.Struct, frozen=True, kw_only=True):
    """What waits in a district at the end of each course [mg]."""

    district: DistrictId
    as_it_stands_mg: int
    anew_mg: int
    alone_mg: int
    # How many hours pass until its storage cannot hold what waits, planned anew; none never.
    storage_passed: int | None
    # What waits by the hour, as curves that can be compared with those of other districts.
    anew: str
    alone: str


class HourRow(msgspec.Struct, frozen=True, kw_only=True):
    """What waits and is held in all at the end of an hour of each course [mg]."""

    hours: int
    as_it_stands_mg: int
    anew_mg: int
    alone_mg: int


class MissedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A guarantee that a course does not keep; a share is none where the course keeps it [1]."""

    code: CodeId
    district: DistrictId
    group: GroupId
    guaranteed: float
    anew: float | None
    alone: float | None


class CascadeView(msgspec.Struct, frozen=True, kw_only=True):
    """A cascade with its charts and tables."""

    courses: tuple[CourseRow, ...]
    curves: Chart | None
    districts: tuple[DistrictRow, ...]
    # How many more districts there are in which something waits.
    more_districts: int
    hours: tuple[HourRow, ...]
    failures: tuple[Failure, ...]
    # How many other places prevent as much as the best, to the kilogram.
    as_good: int
    missed: tuple[MissedRow, ...]


def view_cascade(found: Cascade) -> CascadeView:
    """What the page of a cascade shows."""
    courses = {
        "as_it_stands": found.undisturbed,
        "anew": found.rerouted,
        "alone": found.overflowed,
    }
    rows = sorted(_districts(found), key=lambda one: (-one.anew_mg, -one.alone_mg, one.district))
    return CascadeView(
        courses=tuple(_row(name, course) for name, course in courses.items()),
        curves=draw_curves({name: _left_mg(course) for name, course in courses.items()}),
        districts=tuple(rows[:MOST_DISTRICTS]),
        more_districts=len(rows[MOST_DISTRICTS:]),
        hours=tuple(
            HourRow(hours=number, as_it_stands_mg=calm, anew_mg=anew, alone_mg=alone)
            for number, (calm, anew, alone) in enumerate(
                zip(*map(_left_mg, courses.values()), strict=True), start=1
            )
        ),
        failures=found.overflowed.failures,
        as_good=_as_good(found),
        missed=tuple(_missed(found)),
    )


def _left_mg(course: Course) -> list[int]:
    return [_told(hour.waiting_mg + hour.held_mg) for hour in course.hours]


def _told(mass_mg: int) -> int:
    return mass_mg if mass_mg >= _LEAST_MG else 0


def _row(name: str, course: Course) -> CourseRow:
    arrived_mg = sum(hour.arrived_mg for hour in course.hours)
    taken_mg = sum(hour.taken_mg for hour in course.hours)
    return CourseRow(
        course=name,
        arrived_mg=arrived_mg,
        taken_mg=taken_mg,
        waiting_mg=_told(course.hours[-1].waiting_mg),
        held_mg=_told(course.hours[-1].held_mg),
        share=taken_mg / arrived_mg if _told(arrived_mg - taken_mg) else 1.0,
        overloads=sum(failure.cause == "overload" for failure in course.failures),
    )


def _districts(found: Cascade) -> Iterable[DistrictRow]:
    """Those in which something waits at the end of some course."""
    anew, alone = found.rerouted.build_up_mg, found.overflowed.build_up_mg
    top_mg = max((max(row) for rows in (anew, alone) for row in rows.values()), default=0)
    for district, row in anew.items():
        calm_mg = _told(found.undisturbed.build_up_mg[district][-1])
        anew_mg, alone_mg = _told(row[-1]), _told(alone[district][-1])
        if calm_mg or anew_mg or alone_mg:
            passed = found.rerouted.storage_passed.get(district)
            yield DistrictRow(
                district=district,
                as_it_stands_mg=calm_mg,
                anew_mg=anew_mg,
                alone_mg=alone_mg,
                storage_passed=None if passed is None else passed + 1,
                anew=draw_small(row, max(1, top_mg)),
                alone=draw_small(alone[district], max(1, top_mg)),
            )


def _as_good(found: Cascade) -> int:
    tried = [
        (round(one.prevented_mg, -6), round(one.prevented_mg_h, -6))
        for one in found.tried.reinforcements
    ]
    return sum(one == tried[0] for one in tried[1:])


def _missed(found: Cascade) -> Iterable[MissedRow]:
    def by_place(course: Course) -> dict[tuple[CodeId, int, DistrictId], GuaranteeMissed]:
        return {(one.code, one.rule, one.district): one for one in course.missed}

    anew, alone = by_place(found.rerouted), by_place(found.overflowed)
    for key, one in sorted((alone | anew).items()):
        yield MissedRow(
            code=one.code,
            district=one.district,
            group=one.group,
            guaranteed=one.guaranteed_per_mille / 1000,
            anew=anew[key].placed if key in anew else None,
            alone=alone[key].placed if key in alone else None,
        )
