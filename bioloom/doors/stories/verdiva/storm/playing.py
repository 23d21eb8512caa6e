"""Playing Verdiva's storm: day by day, its scenes between the trucks' rounds."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta

from bioloom.doors.answers.playing import ActTold, Played
from bioloom.doors.compose import City
from bioloom.doors.stories.days import Day, day_named, days_of
from bioloom.doors.stories.staging import Scene, Stage
from bioloom.doors.stories.verdiva.living import Year
from bioloom.doors.stories.verdiva.rhythm import PLANNING_MINUTE
from bioloom.doors.stories.verdiva.storm.calendar import (
    BACK,
    EMERGENCY,
    ENDS,
    EVE,
    STANDS_AT,
    STRIKES,
    WEEK,
)
from bioloom.doors.stories.verdiva.storm.enacting import enact
from bioloom.doors.stories.verdiva.storm.failing import fail, fail_again, weaken
from bioloom.doors.stories.verdiva.storm.proving import prove, wednesdays
from bioloom.doors.stories.verdiva.storm.returning import return_
from bioloom.doors.stories.verdiva.storm.taking_over import drive_anew, set_out, take_over
from bioloom.doors.stories.verdiva.storm.waiting import recovered_on, waiting_mg
from bioloom.vocabulary.periods import Instant, Period

# On evenings, when the day is on record.
_EVENING = 20 * 60 + 45


class Verdiva:
    """Verdiva with its storm still to come, and all that goes on in it."""

    def __init__(self) -> None:
        self._year: Year | None = None
        self._seed = 0

    def live(
        self, city: City, *, seed: int, first: date, told: Callable[[date], None] = lambda _: None
    ) -> None:
        """Record its days up to the eve of the storm.

        Args:
            city: Verdiva, founded before its first day.
            seed: The same seed gives the same record.
            first: The first day.
            told: Called with each day that is recorded.
        """
        year = Year(city, seed, day_named(first), storm=False)
        for day in days_of(Period(first=first, last=EVE)):
            year.live(day)
            told(day.date)
        self._year, self._seed = year, seed

    def play(
        self,
        city: City,
        *,
        told: Callable[[Scene], None] = lambda _: None,
        passed: Callable[[Instant], None] = lambda _: None,
        acted: Callable[[ActTold, Instant], None] = lambda _act, _at: None,
    ) -> Played:
        """Let the storm happen, and tell it from the record that it leaves.

        Args:
            city: The city on the eve of the storm; what happens is recorded in it.
            told: Called with each scene when it was played.
            passed: Called with the instant at which the story stands, whenever it goes on.
            acted: Called with each act of a scene and its instant, once it was done or refused.

        Returns:
            What happened, and what held of it.
        """
        assert self._year is not None, "a city is lived in before its storm"
        scenes: list[Scene] = []
        with closing(Stage(city, self._seed, STANDS_AT, acted=acted)) as stage:
            self._year.go_on_in(stage.city)
            for scene in _scenes(stage, self._year, passed):
                scenes.append(scene)
                passed(stage.now())
                told(scene)
            evenings = wednesdays(stage)
        peak = max(evenings, key=waiting_mg)
        held = [one for scene in scenes for one in scene.held]
        head = city.journal.head()
        return Played(
            evenings=evenings,
            peak=peak,
            recovered_on=recovered_on(evenings, peak),
            held=held,
            holds=all(one.holds for one in held),
            scenes=[scene.answer() for scene in scenes],
            city=city.settings.name,
            hash=head.hash,
            entries=head.seq,
        )


def _scenes(stage: Stage, year: Year, passed: Callable[[Instant], None]) -> Iterator[Scene]:
    days = Period(first=EVE + timedelta(days=1), last=ENDS)
    for day in days_of(days):
        yield from _mornings(stage, year, day)
        year.live(day)
        passed(day.at(PLANNING_MINUTE))
        yield from _evenings(stage, day)
    yield prove(stage, day_named(ENDS).at(_EVENING))


def _mornings(stage: Stage, year: Year, day: Day) -> Iterator[Scene]:
    if day.date == STRIKES:
        yield set_out(stage)
        yield fail(stage, year)
        yield fail_again(stage, year)
        yield weaken(stage, year)
        yield drive_anew(stage, year)
    if day.date == BACK:
        yield return_(stage)


def _evenings(stage: Stage, day: Day) -> Iterator[Scene]:
    if day.date == WEEK.last:
        yield enact(stage, day.at(_EVENING))
    if day.date == EMERGENCY.last:
        plan = stage.city.plans().in_force_for(EMERGENCY)
        assert plan is not None, "the week has a plan"
        yield take_over(stage, day.at(_EVENING), plan)
