"""The desk: what the pages read of the city, remembered for as long as the record stands still."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from time import perf_counter
from typing import Literal, TypeVar

import msgspec

from bioloom.circuits.cascading.cascading import Cascade
from bioloom.circuits.codes.conflicting import CodesConflict
from bioloom.circuits.comparing.ruling import Comparison, compare
from bioloom.circuits.explaining.questions.answers import Change
from bioloom.circuits.planning import Plan
from bioloom.circuits.proposing import inputs_sha256
from bioloom.circuits.siting.comparing import Siting
from bioloom.circuits.siting.proposals import Facility, Zone
from bioloom.doors.asking.placing import place
from bioloom.doors.asking.why import About, Question, WhyTold, why
from bioloom.doors.compose import City, NothingToPlan
from bioloom.doors.foreseeing.asking import Storm, siting_in, storm_in
from bioloom.doors.web.asking import Wish
from bioloom.doors.web.views.living import PULSE_DAYS
from bioloom.ledger.accounts.at_hand import AtHand, Shelves
from bioloom.ledger.accounts.days import Day
from bioloom.ledger.accounts.owing import OwedRow, everything_owed
from bioloom.ledger.accounts.working import OpenProcess, open_processes
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import Codes
from bioloom.ledger.covenants.standing import Covenants, covenants_of
from bioloom.ledger.declared import Declared
from bioloom.ledger.people.people import People, people_of
from bioloom.ledger.pledges.counting import Gathered, gather, pledges_of
from bioloom.ledger.pledges.seasons import Pledge
from bioloom.ledger.record.journal import Head
from bioloom.vocabulary.entries.pledges import PledgeId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

PLANS_KEPT = 32
ANSWERS_KEPT = 256
# Ways times hours of the plans that a cascade takes; with so many about 2 s of a core.
MOST_STEPS = 650_000
# A solve takes one core for up to some seconds; the others stay free for pages.
SOLVES_AT_ONCE = 1
MOST_WAITING = 8
K = TypeVar("K")
V = TypeVar("V")
Offered = dict[tuple[DistrictId, MaterialId], int]
# What an answer follows from, the sites left out, and the question.
_Asked = tuple[str, tuple[SiteId, ...], Question]
Made = Plan | CodesConflict


class TooManyPlans(Refusal):
    """More plans are asked for at once than this server computes."""

    def __init__(self) -> None:
        super().__init__(
            what="Too many plans are being computed at this moment.",
            why="Each takes up to some seconds, and the other pages must stay quick.",
            remedy="Wait a few seconds, and ask again.",
        )


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the record says as of one head."""

    head: Head
    declared: Declared
    # Months in which lots happened, oldest first, with their mass [mg].
    months: dict[Period, int]
    codes: Codes
    # The newest days in which lots happened; see `City.newest_days`.
    newest: Period | None

    def month_beside(self, period: Period, step: Literal[-1, 1]) -> Period | None:
        """The nearest month with lots that ends before a period, or begins after it."""
        if step == -1:
            return max((m for m in self.months if m.last < period.first), key=_start, default=None)
        return min((m for m in self.months if m.first > period.last), key=_start, default=None)

    @property
    def generated(self) -> bool:
        """Whether the whole city is made up for practice."""
        founded = self.declared.founded
        return founded is not None and founded.stamp == "generated"


class Living(msgspec.Struct, frozen=True, kw_only=True):
    """What happens in the city these days."""

    today: date
    days: dict[str, Day]
    owed: list[OwedRow]
    working: list[OpenProcess]


class Desk:
    """Reads a city for the pages. Any number of threads may ask."""

    def __init__(self, city: City, *, solved: Callable[[float], None] = lambda _: None) -> None:
        """Sit down before a city.

        Args:
            city: An open city.
            solved: Told of every plan computed, with its seconds.
        """
        self.city = city
        self._solved = solved
        self._standing: Standing | None = None
        self._people: People | None = None
        self._covenants: Covenants | None = None
        self._gathered: Gathered | None = None
        self._shelves = Shelves()
        self._pulse = threading.Lock()
        self._owed: tuple[list[OwedRow], list[OpenProcess]] | None = None
        self._owed_as_of = date.min, 0
        self._plans: OrderedDict[tuple[str, Period, tuple[SiteId, ...]], Made] = OrderedDict()
        # For each period, as of which head, and what its plan follows from.
        self._figured: dict[Period, tuple[str, Offered, str]] = {}
        # By the hash of a plan's figures.
        self._compared: dict[str, Comparison] = {}
        self._answers: dict[_Asked, WhyTold] = {}
        self._cascades: dict[tuple[str, Storm], Cascade] = {}
        self._shelf = threading.Lock()
        self._solving = threading.Semaphore(SOLVES_AT_ONCE)
        self._waiting = threading.BoundedSemaphore(SOLVES_AT_ONCE + MOST_WAITING)

    def standing(self) -> Standing:
        """What the record says now."""
        head = self.city.journal.head()
        known = self._standing
        if known is not None and known.head.hash == head.hash:
            return known
        standing = Standing(
            head=head,
            declared=self.city.journal.declared(),
            months=self.city.totals().months_mg(),
            codes=codes_of(self.city.journal),
            newest=self.city.newest_days(),
        )
        self._standing = standing
        return standing

    def living(self, today: date) -> Living:
        """What the living page tells of the record as of now."""
        journal, zone = self.city.journal, self.city.settings.zone
        days = self.city.days()
        with self._pulse:
            # Asking what is owed takes a while, and few entries change it.
            if self._owed is None or (today, days.mentioned_at) != self._owed_as_of:
                self._owed = everything_owed(journal, today=today), open_processes(journal, zone)
                self._owed_as_of = today, days.mentioned_at
            owed, working = self._owed
        first = today - timedelta(days=PULSE_DAYS)
        return Living(today=today, days=days.since(first), owed=owed, working=working)

    def people(self) -> People:
        """Everybody in the record, as of now."""
        self._people = people_of(self.city.journal, self._people)
        return self._people

    def covenants(self) -> Covenants:
        """The covenants of the record, as of now; nothing is read where there is none."""
        self._covenants = covenants_of(self.city.journal.store, self._covenants)
        return self._covenants

    def pledges(self) -> tuple[dict[PledgeId, Pledge], Gathered]:
        """The pledges of the record, and what those who joined discarded, as of now."""
        pledges = pledges_of(self.city.journal)
        self._gathered = gather(self.city.journal, pledges.values(), self._gathered)
        return pledges, self._gathered

    def at_hand(self) -> list[AtHand]:
        """The lots that somebody has some of now, the newest first."""
        with self._pulse:
            return self._shelves.rows(self.city.journal)

    def promised(self, today: date) -> frozenset[LotId]:
        """The lots that are promised to somebody, or claimed by somebody, now."""
        owed = self.living(today).owed
        return frozenset(lot for row in owed if row.owed.standing != "done" for lot in row.lots)

    def plan(self, standing: Standing, wish: Wish) -> Plan:
        """The plan that is wished for; computed once while its figures stand still.

        Raises:
            CodesConflict: If its Codes cannot be kept together.
            Refusal: As `plan_or_conflict`.
        """
        made = self.plan_or_conflict(standing, wish)
        if isinstance(made, Plan):
            return made
        raise CodesConflict(relaxations=made.relaxations, is_smallest=made.is_smallest)

    def plan_or_conflict(self, standing: Standing, wish: Wish) -> Plan | CodesConflict:
        """As `plan`; where the Codes cannot be kept together, which of them.

        Raises:
            NothingToPlan: If no period is named and the record has no lots.
            SiteUnknown: If a site to leave out is not declared.
            TooManyPlans: If too many others wait for one already.
        """
        period = wish.period or standing.newest
        if period is None:
            raise NothingToPlan
        offered, figures = self._figures(standing, period)
        key = figures, period, wish.without
        if (made := self._kept(key)) is not None:
            return made
        with self.computing():
            # Somebody else may have asked for the same while this one waited.
            return self._kept(key) or self._compute(key, offered)

    def why(
        self,
        standing: Standing,
        about: About,
        name: str,
        wish: Wish,
        changes: tuple[Change, ...] = (),
    ) -> WhyTold:
        """Why something is as it is in a plan; answered once while what it follows from stands.

        Args:
            standing: What the record says now.
            about: Of what kind it is.
            name: Its id.
            wish: The plan asked about; for a lot, that of its days is taken.
            changes: What is to be otherwise.

        Raises:
            LotUnknown: If there is no such lot.
            WhatIfUnread: If something is to be sent that is not there.
            NothingToPlan, SiteUnknown, TooManyPlans: As `plan`.
        """
        asked = Question(about=about, name=name, changes=changes)
        key: _Asked = standing.head.hash, (), asked
        if about == "lot":
            placed = place(self.city, LotId(name), None)
            if placed.with_backlog:
                return self._told(key, lambda: why(self.city, asked))
            wish = Wish(period=placed.period)
        plan = self.plan(standing, wish)
        offered, figures = self._figures(standing, plan.period)
        if about != "lot":
            asked = replace(asked, period=plan.period)
            key = figures, plan.without, asked
        return self._told(key, lambda: why(self.city, asked, plan, offered))

    def _told(self, key: _Asked, tell: Callable[[], WhyTold]) -> WhyTold:
        return self._once(self._answers, key, tell, most=ANSWERS_KEPT)

    def cascade(self, standing: Standing, asked: Storm) -> Cascade:
        """What becomes of the city when sites fail; computed once while the record stands still.

        Raises:
            StormTooLarge: If there is more to do than a page can wait for.
            TooManyPlans: If too many others wait for a plan already.
            As `storm_in`.
        """
        return self._once(
            self._cascades,
            (standing.head.hash, asked),
            lambda: storm_in(self.city, asked, most_steps=MOST_STEPS),
            most=PLANS_KEPT,
        )

    def siting(
        self, facilities: Sequence[Facility], period: Period | None, zones: Sequence[Zone]
    ) -> Siting:
        """Proposed facilities beside the city as it is; see `siting_in`.

        Raises:
            TooManyPlans: If too many others wait for a plan already.
            As `siting_in`.
        """
        with self.computing():
            return siting_in(self.city, facilities, period, zones=zones)

    def _once(self, kept: dict[K, V], key: K, make: Callable[[], V], *, most: int) -> V:
        """What was made for a key before, or is made now."""
        with self._shelf:
            known = kept.get(key)
        if known is not None:
            return known
        with self.computing():
            # Somebody else may have asked for the same while this one waited.
            made = kept.get(key) or make()
        with self._shelf:
            kept[key] = made
            while len(kept) > most:
                kept.pop(next(iter(kept)))
        return made

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Compute something that takes a core for a while; one at a time.

        Raises:
            TooManyPlans: If too many others wait already.
        """
        if not self._waiting.acquire(blocking=False):
            raise TooManyPlans
        try:
            with self._solving:
                yield
        finally:
            self._waiting.release()

    def comparison(self, plan: Plan) -> Comparison:
        """A plan's period by other rules of fairness; computed once while its figures stand still.

        Raises:
            TooManyPlans: If too many others wait for one already.
            ComparisonTooLarge: If the city is too large for it.
        """
        key = inputs_sha256(plan.problem, plan.period)
        return self._once(self._compared, key, lambda: compare(plan.problem), most=PLANS_KEPT)

    def _figures(self, standing: Standing, period: Period) -> tuple[Offered, str]:
        """What is offered in a period, and all that its plan follows from, as a short text.

        What is offered and bound, declarations, Codes, the plan in force and what of it is gone:
        other entries leave it as it was.
        """
        known = self._figured.get(period)
        if known is not None and known[0] == standing.head.hash:
            return known[1], known[2]
        offered = self.city.offered_mg(period)
        in_force = self.city.plans().in_force_for(period)
        parts = (
            sorted(offered.items()),
            standing.declared,
            standing.codes.touching(period),
            [
                (node, [(heap.bond, heap.mass_mg, sorted(heap.sites)) for heap in heaps])
                for node, heaps in self.city.bonds(period).heaps.items()
            ],
            None if in_force is None else in_force.plan,
            self.city.gone(period, offered),
        )
        figures = sha256(msgspec.json.encode(parts)).hexdigest()
        self._figured[period] = standing.head.hash, offered, figures
        if len(self._figured) > PLANS_KEPT:
            self._figured.pop(next(iter(self._figured)), None)
        return offered, figures

    def is_outdated(self, period: Period) -> bool:
        """Whether a period's plan in force rests on figures that are others now."""
        known = self.city.plans()
        in_force = known.in_force_for(period)
        return in_force is not None and in_force.plan in known.outdated

    def stamps(self, period: Period) -> dict[MaterialId, set[Stamp]]:
        """What the lots of a period stand on, by material."""
        return self.city.totals().stamps(period)

    def _kept(self, key: tuple[str, Period, tuple[SiteId, ...]]) -> Made | None:
        with self._shelf:
            if key in self._plans:
                self._plans.move_to_end(key)
            return self._plans.get(key)

    def _compute(self, key: tuple[str, Period, tuple[SiteId, ...]], offered: Offered) -> Made:
        started_s = perf_counter()
        _, period, without = key
        plan: Made
        try:
            plan = self.city.plan(period, without=without, offered=offered)
        except CodesConflict as conflict:
            # Which rules it is took many solves to find: that is kept like a plan.
            plan = conflict.with_traceback(None)
        self._solved(perf_counter() - started_s)
        with self._shelf:
            self._plans[key] = plan
            while len(self._plans) > PLANS_KEPT:
                self._plans.popitem(last=False)
        return plan


def _start(period: Period) -> date:
    return period.first
