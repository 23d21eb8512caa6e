"""Living: Verdiva's year, day by day, recorded as any city's days are."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import msgspec

from bioloom.doors.acting import adopt_plan, propose_plan
from bioloom.doors.compose import City
from bioloom.doors.stories.days import Day, days_of
from bioloom.doors.stories.recording import record_day
from bioloom.doors.stories.verdiva import people, places
from bioloom.doors.stories.verdiva.giving import SOURCE, Giving
from bioloom.doors.stories.verdiva.hauling import Hauling
from bioloom.doors.stories.verdiva.people import ASSEMBLY, OPERATOR
from bioloom.doors.stories.verdiva.promising import Promising
from bioloom.doors.stories.verdiva.rhythm import (
    EXPLAINED,
    PLANNED_FROM,
    PLANNING_MINUTE,
    PLANNING_WEEKDAY,
    STANDS_AT,
    STORM,
    YEAR,
    planned_period,
)
from bioloom.doors.stories.verdiva.working import Working
from bioloom.ledger.declaring import declare
from bioloom.ledger.events.reversing import reverse
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import SiteDeclared
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.places import SiteId

SEED = 24


def live(
    city: City,
    *,
    seed: int = SEED,
    first: date = YEAR.first,
    told: Callable[[date], None] = lambda _: None,
) -> None:
    """Record Verdiva's places and people, and its days up to the end of its year.

    Args:
        city: Verdiva, founded before its first day.
        seed: The same seed gives the same record.
        first: The first day; a later one than the year's gives a shorter, smaller record.
        told: Called with each day that is recorded.
    """
    period = Period(first=first, last=YEAR.last)
    with _undisturbed():
        year = Year(city, seed, next(days_of(period)))
        for day in days_of(period):
            year.live(day)
            told(day.date)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the collector of cycles: entries are trees of plain values, and it finds none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Year:
    """All that goes on in Verdiva, and the city that it is recorded in."""

    def __init__(
        self,
        city: City,
        seed: int,
        first: Day,
        *,
        storm: bool = True,
    ) -> None:
        """Found the city's places and people.

        Args:
            city: The city, which is recorded in.
            seed: The same seed gives the same record.
            first: The first day.
            storm: Whether its sites go out by themselves when the storm comes. Where it is played
                they do not, and nobody wants a gift back that a plan made anew counts on.
        """
        self._city, self._storm_comes = city, storm
        districts = places.districts(seed)
        households = people.households(districts, seed)
        city.journal.record(
            list(_founding(districts, households, city.settings.steward, first.at(0))),
            recorded_at=first.at(0),
        )
        self._declared = declared = city.journal.declared()
        self._giving = Giving(districts, households, declared, seed)
        self.hauling = Hauling(districts, declared, seed, STORM.hits if storm else _never)
        self._working = Working(declared, seed)
        self._promising = Promising(districts, declared, self._working, seed)
        self._wanted_back: list[tuple[str, str]] = []

    def live(self, day: Day) -> None:
        """Record one day, and on Sundays decide where what waits is to go."""
        recorded_at = min(day.at(PLANNING_MINUTE), STANDS_AT)
        record_day(self._city, self._happen(day), recorded_at=recorded_at)
        if day.weekday == PLANNING_WEEKDAY:
            if day.date >= PLANNED_FROM:
                self._plan(day)
            else:
                self.hauling.by_habit()

    def _happen(self, day: Day) -> Iterator[Draft[Any]]:
        yield from self._storm(day)
        if self._storm_comes:
            yield from self._take_back(day)
        given = self._giving.day(day)
        yield from given.drafts
        self._wanted_back = given.wanted_back
        for draft, store, mass_mg in self.hauling.day(day):
            self._working.receive(store, mass_mg)
            self._promising.note(draft.body, store.site)
            yield draft
        self.hauling.wait(given.heaps)
        yield from self._working.day(day)
        yield from self._promising.day(day)

    def go_on_in(self, city: City) -> None:
        """Go on with the same city, opened anew."""
        self._city = city

    def _plan(self, day: Day) -> None:
        """Liam proposes the fairest plan of all that waits, and the assembly adopts it."""
        week, is_asked = planned_period(day.date), day.date in EXPLAINED
        made = self._city.plan(week, backlog=True, explain=is_asked)
        proposed = propose_plan(self._city, made, author=OPERATOR, at=day.at(PLANNING_MINUTE))
        adopted_at = day.at(PLANNING_MINUTE + 30)
        self.hauling.by_plan(adopt_plan(self._city, proposed.plan, author=ASSEMBLY, at=adopted_at))

    def _storm(self, day: Day) -> Iterator[Draft[Any]]:
        """The sites that are hit can take nothing until they are back."""
        if not self._storm_comes or day.date not in (STORM.first, STORM.back):
            return
        for site in STORM.sites:
            declared = self._declared.sites[site]
            if day.date == STORM.first:
                closed = [
                    msgspec.structs.replace(intake, capacity_mg_per_day=0)
                    for intake in declared.intakes
                ]
                declared = msgspec.structs.replace(declared, intakes=tuple(closed))
            yield _site(declared, self._city.settings.steward, day.at(3 * 60))

    def _take_back(self, day: Day) -> Iterator[Draft[Any]]:
        """Gifts of yesterday that somebody wants back: the handing over, then the arrival."""
        keys = [key for both in self._wanted_back for key in reversed(both)]
        current = self._city.journal.current(keys)
        for minute, key in enumerate(keys):
            yield Draft(
                body=reverse(current[key], reason="returned"),
                occurred_at=day.at(8 * 60 + minute),
                author=current[key].author,
                idempotency_key=f"{key}:returned",
            )


def _founding(
    districts: Sequence[places.District],
    households: Sequence[people.Household],
    author: AgentId,
    at: Instant,
) -> Iterator[Draft[Any]]:
    """The declarations that a year begins with."""
    for material in places.materials():
        yield declare(material, key=f"{SOURCE}:material:{material.material}", author=author, at=at)
    for one in districts:
        key = f"{SOURCE}:district:{one.body.district}"
        yield declare(one.body, key=key, author=author, at=at)
    for site in places.sites():
        yield _site(site, author, at)
    for vehicle in places.vehicles():
        yield declare(vehicle, key=f"vehicle:{vehicle.vehicle}", author=author, at=at)
    for specified in places.SPECIFICATIONS:
        key = f"{SOURCE}:process:{specified.specification}"
        yield declare(specified, key=key, author=author, at=at)
    for agent in people.agents(households):
        yield declare(agent, key=f"agent:{agent.agent}", author=author, at=at)
    for joined in people.memberships(households):
        key = f"member:{joined.member}:{joined.group}"
        yield declare(joined, key=key, author=joined.member, at=at)
    for granted in people.roles():
        key = f"role:{granted.agent}:{granted.role}:{granted.scope}"
        yield declare(granted, key=key, author=author, at=at)


def _never(_site: SiteId, _day: date) -> bool:
    return False


def _site(site: SiteDeclared, author: AgentId, at: Instant) -> Draft[SiteDeclared]:
    return declare(site, key=f"{SOURCE}:site:{site.site}", author=author, at=at)
