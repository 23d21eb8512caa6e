"""Reinforcing: where a little more room would have prevented most, each place tried by a run."""

from dataclasses import dataclass, replace

import msgspec

from bioloom.circuits.cascading.courses import Course, Storm
from bioloom.circuits.cascading.reaching import Reach
from bioloom.circuits.cascading.rerouting import rerouted
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.ledger import Intake
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import SiteId


class Reinforcement(msgspec.Struct, frozen=True, kw_only=True):
    """What more room a day at one intake would have prevented, found by a run of its own."""

    site: SiteId
    # What the intake accepts.
    accepts: tuple[GroupId, ...]
    more_mg_per_day: int
    # What less there is left at the end [mg], and less of it over all hours [mg h].
    prevented_mg: int
    prevented_mg_h: int
    # Whether the checker vouches for every plan of the run.
    checked: bool


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """The places tried, the best first, and the sites that might have helped but were not."""

    reinforcements: tuple[Reinforcement, ...] = ()
    untried: tuple[SiteId, ...] = ()


def reinforce(
    storm: Storm, reach: Reach, course: Course, *, more_mg_per_day: int, most_tried: int
) -> Tried:
    """Give each intake more room in turn, and follow the city again, with a new plan every hour.

    An intake of whose groups nothing ever waits while it is open cannot help, and is not tried;
    neither is one to which nothing may go, by a Code or as it is down on the day already.
    Those for whose groups most waits while they are open come first, and of those alike in the
    order of ids; that order only decides which are left out.

    Args:
        storm: What is followed.
        reach: Where things may go in it.
        course: What `rerouted` tells of it.
        more_mg_per_day: The room added [mg a day].
        most_tried: How many intakes are tried at most.
    """
    promising: list[tuple[int, SiteId, int]] = []
    for site, told in storm.declared.sites.items():
        open_until = min((one.hour for one in storm.down if one.site == site), default=storm.hours)
        for number, intake in enumerate(told.intakes):
            if (site, number) not in reach.lines:
                continue
            waited = sum(
                sum(row[:open_until])
                for group, row in course.build_up_by_group_mg.items()
                if group in intake.accepts
            )
            if waited:
                promising.append((-waited, site, number))
    promising.sort()
    tried = [
        _try(storm, course, _Place(site, number, more_mg_per_day))
        for _, site, number in promising[:most_tried]
    ]
    # Rounding moves some milligrams: what is alike to the kilogram is alike.
    tried.sort(
        key=lambda one: (
            -round(one.prevented_mg, -6),
            -round(one.prevented_mg_h, -6),
            one.site,
            one.accepts,
        )
    )
    untried = dict.fromkeys(site for _, site, _ in promising[most_tried:])
    return Tried(reinforcements=tuple(tried), untried=tuple(untried))


@dataclass(frozen=True, slots=True)
class _Place:
    """So much more room a day at an intake of a site."""

    site: SiteId
    number: int
    more_mg_per_day: int


def _try(storm: Storm, course: Course, place: _Place) -> Reinforcement:
    declared = storm.declared
    intake = declared.sites[place.site].intakes[place.number]
    # Groups that share no site with it cannot feel it.
    groups = _joined(declared, intake)
    touched = {
        node: mass_mg
        for node, mass_mg in storm.offered_mg.items()
        if declared.materials[node[1]].group in groups
    }
    roomier = replace(storm, declared=_with_more(declared, place), offered_mg=touched)
    then = rerouted(roomier)
    before, after = (
        [sum(hour) for hour in zip(*(rows[group] for group in groups & rows.keys()), strict=True)]
        for rows in (course.build_up_by_group_mg, then.build_up_by_group_mg)
    )
    return Reinforcement(
        site=place.site,
        accepts=intake.accepts,
        more_mg_per_day=place.more_mg_per_day,
        prevented_mg=before[-1] - after[-1],
        prevented_mg_h=sum(before) - sum(after),
        checked=then.checked,
    )


def _joined(declared: Declared, intake: Intake) -> set[GroupId]:
    """The groups of an intake, and all that share a site with them, over however many steps."""
    groups = set(intake.accepts)
    taken = [
        {group for one in site.intakes for group in one.accepts} for site in declared.sites.values()
    ]
    while more := {group for some in taken if some & groups for group in some} - groups:
        groups |= more
    return groups


def _with_more(declared: Declared, place: _Place) -> Declared:
    told = declared.sites[place.site]
    intakes = list(told.intakes)
    more = intakes[place.number].capacity_mg_per_day + place.more_mg_per_day
    intakes[place.number] = msgspec.structs.replace(intakes[place.number], capacity_mg_per_day=more)
    roomier = msgspec.structs.replace(told, intakes=tuple(intakes))
    return replace(declared, sites={**declared.sites, place.site: roomier})
