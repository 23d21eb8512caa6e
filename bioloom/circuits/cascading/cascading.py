"""Cascading: sites fail; with a new plan every hour, with none, and in the null model."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import msgspec

from bioloom.circuits.cascading.courses import HOURS_PER_DAY, Course, Down, Storm
from bioloom.circuits.cascading.null_model import NullModel, motter_lai
from bioloom.circuits.cascading.overflowing import overflowed
from bioloom.circuits.cascading.reaching import Reach, reach_of
from bioloom.circuits.cascading.reinforcing import Tried, reinforce
from bioloom.circuits.cascading.rerouting import rerouted
from bioloom.circuits.cascading.standing import as_on, by_the_hour
from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.circuits.planning import plan
from bioloom.circuits.posing import Node, SiteUnknown
from bioloom.circuits.replanning.surging import surged
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.entries.disruptions import DisruptionId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal

# So that a day's question is answered in seconds; a week is the longest.
MOST_HOURS = 168


class HoursOutOfRange(Refusal):
    """A number of hours over which nothing can be followed."""

    def __init__(self, *, hours: int, most: int) -> None:
        self.hours, self.most = hours, most
        super().__init__(
            what=f"{hours} hours, or hour {hours}, is out of reach.",
            why=f"Here a cascade is followed for 1 to {most} hours, the first of which is hour 0.",
            remedy="Follow it for fewer hours, or let sites fail before the last of them ends.",
        )


class ToleranceBelowZero(Refusal):
    """Sites that could not even bear their own room."""

    def __init__(self, *, tolerance_per_mille: int) -> None:
        self.tolerance_per_mille = tolerance_per_mille
        super().__init__(
            what=f"A tolerance of {tolerance_per_mille / 1000} is below zero.",
            why="It says what a site bears above its room before it fails.",
            remedy="Give 0 or more, such as 0.2.",
        )


class Cascade(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a city when sites fail, in three ways of looking at it."""

    period: Period
    # The day as it is on which the city is followed, with what is in force then.
    day: date
    codes: tuple[CodeId, ...]
    disruptions: tuple[DisruptionId, ...]
    down: tuple[Down, ...]
    tolerance_per_mille: int
    # As it is on the day; with a new plan each hour; with none.
    undisturbed: Course
    rerouted: Course
    overflowed: Course
    null_model: NullModel
    # What a little more room would have prevented; nothing where nothing was to be tried.
    tried: Tried

    @property
    def checked(self) -> bool:
        """Whether the checker vouches for every plan."""
        trials = all(one.checked for one in self.tried.reinforcements)
        return self.undisturbed.checked and self.rerouted.checked and trials


def cascade(
    declared: Declared,
    offered_mg: Mapping[Node, int],
    period: Period,
    *,
    day: date | None = None,
    codes: Rulebook = NO_CODES,
    down: Collection[Down] = (),
    hours: int = HOURS_PER_DAY,
    tolerance_per_mille: int = 200,
    more_mg_per_day: int = 0,
    most_tried: int = 12,
) -> Cascade:
    """Follow a city for some hours in which sites fail.

    What stands in the way on the day does so in every hour, and what the Codes ban or limit then is
    so in every hour. A surge is of what is only expected, on a day that is not of the period.

    Args:
        declared: The city's districts, sites and materials.
        offered_mg: What each district offers in the period [mg]; it comes evenly over its hours.
        period: Its days.
        day: The day as it is on which the city is followed; the period's last unless given.
        codes: The Codes in force on it.
        down: Sites that fail, and when.
        hours: For how long.
        tolerance_per_mille: What a site bears above its room where nobody plans anew, and a place
            of the null model above its first load [1/1000].
        more_mg_per_day: The room whose best place is looked for [mg a day]; 0 looks for none.
        most_tried: How many places are tried at most.

    Raises:
        SiteUnknown: If a site that fails is not declared.
        HoursOutOfRange: If there are no hours, more than the period or a week has, or a site fails
            after them.
        ToleranceBelowZero: If the tolerance is.
        OfferUndeclared, PlanUnsolved: As `planning.plan`.
    """
    day = period.last if day is None else day
    calm_storm = _on_the_day(declared, offered_mg, period, day)
    failing = tuple(sorted(down, key=lambda one: (one.hour, one.site)))
    storm = replace(calm_storm, down=failing, hours=hours, codes=codes)
    _require(storm, tolerance_per_mille)
    reach = reach_of(storm)
    calm = rerouted(replace(storm, down=()))
    stormy = rerouted(storm) if down else calm
    return Cascade(
        period=period,
        day=day,
        codes=tuple(version.terms.code for version in codes.versions),
        disruptions=tuple(storm.declared.disruptions.reported),
        down=storm.down,
        tolerance_per_mille=tolerance_per_mille,
        undisturbed=calm,
        rerouted=stormy,
        overflowed=overflowed(
            storm, reach, _planned(storm), tolerance_per_mille=tolerance_per_mille
        ),
        null_model=_null_model(storm, reach, tolerance_per_mille),
        tried=reinforce(
            storm, reach, stormy, more_mg_per_day=more_mg_per_day, most_tried=most_tried
        )
        if more_mg_per_day
        else Tried(),
    )


def _on_the_day(
    declared: Declared, offered_mg: Mapping[Node, int], period: Period, day: date
) -> Storm:
    """The city in which nothing more fails; a day that is not of the period is only expected."""
    standing = as_on(declared, day, period)
    if not period.first <= day <= period.last:
        surges = standing.disruptions.touching(period)
        offered_mg = surged(offered_mg, standing, surges, period)
    return Storm(declared=standing, offered_mg=offered_mg, period=period)


def _planned(storm: Storm) -> tuple[Flow, ...]:
    """What goes where by a plan of the whole period, before anything more fails."""
    codes = by_the_hour(storm.codes)
    made = plan(storm.declared, storm.offered_mg, storm.period, explain=False, codes=codes)
    return made.flows


def _null_model(storm: Storm, reach: Reach, tolerance_per_mille: int) -> NullModel:
    """The sites to which each district may send something, as a network."""
    ways: dict[DistrictId, set[SiteId]] = {}
    for (district, _), lines in reach.nearest.items():
        ways.setdefault(district, set()).update(site for site, _ in lines)
    return motter_lai(
        ways,
        storm.declared.sites,
        down={one.site for one in storm.down},
        tolerance_per_mille=tolerance_per_mille,
    )


def _require(storm: Storm, tolerance_per_mille: int) -> None:
    most = min(MOST_HOURS, HOURS_PER_DAY * storm.period.days)
    if not 1 <= storm.hours <= most:
        raise HoursOutOfRange(hours=storm.hours, most=most)
    for one in storm.down:
        if one.site not in storm.declared.sites:
            raise SiteUnknown(site=one.site, known=storm.declared.sites)
        if not 0 <= one.hour < storm.hours:
            raise HoursOutOfRange(hours=one.hour, most=storm.hours)
    if tolerance_per_mille < 0:
        raise ToleranceBelowZero(tolerance_per_mille=tolerance_per_mille)
