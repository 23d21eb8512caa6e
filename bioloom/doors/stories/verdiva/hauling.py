"""Hauling: which heap goes to which site, by habit or by an adopted plan, and the way there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from bioloom.doors.stories.days import Day
from bioloom.doors.stories.verdiva.giving import SOURCE, Heap
from bioloom.doors.stories.verdiva.places import District
from bioloom.doors.stories.verdiva.rhythm import STORM
from bioloom.doors.stories.weighing import MG_PER_HECTOGRAM, exact, kilograms
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import operator_of
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened, LotMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId, great_circle_km

_WEEK_DAYS = 7
# Monday to Wednesday; each district has its day.
HAULING_WEEKDAYS = 3
# One load in so many shows another weight on the site's own scale.
_WEIGHED_OTHERWISE_ONE_IN = 40


class Ride(NamedTuple):
    """Some of a heap on its way to a site, and the commitment that it fulfils, if there is one."""

    heap: Heap
    site: SiteId
    fulfills: CommitmentId | None


class Store(NamedTuple):
    """A site's own heap of one material and one week, into which loads are tipped."""

    lot: LotId
    site: SiteId
    material: MaterialId


class Hauling:
    """What waits in the districts' yards, and what is brought to the sites."""

    def __init__(
        self,
        districts: Sequence[District],
        declared: Declared,
        seed: int,
        is_out: Callable[[SiteId, date], bool] = STORM.hits,
    ) -> None:
        self._is_out = is_out
        self._districts = {one.body.district: one for one in districts}
        # The best-off were served first, for as long as habit decided.
        self._by_means = sorted(districts, key=lambda one: -one.means_per_mille)
        self._declared = declared
        self._random = Random(seed + 1)  # noqa: S311
        self._nearest = self._ways(declared)
        self._waiting: defaultdict[tuple[DistrictId, MaterialId], list[Heap]] = defaultdict(list)
        # By the weekday on which each district's loads are brought.
        self._rides: tuple[list[Ride], ...] = ()
        self._stores: dict[tuple[SiteId, MaterialId], Store] = {}
        self._tipped: set[LotId] = set()

    def wait(self, heaps: Iterable[Heap]) -> None:
        """Put heaps beside those that wait already."""
        for heap in heaps:
            self._waiting[heap.district, heap.material].append(heap)

    def by_habit(self) -> None:
        """Send each heap to the nearest site that has room, the best-off districts first."""
        room_mg = {
            site.site: intake.capacity_mg_per_day * _WEEK_DAYS
            for site in self._declared.sites.values()
            for intake in site.intakes
        }
        rides: list[Ride] = []
        for district in self._by_means:
            for (place, material), heaps in self._waiting.items():
                if place != district.body.district:
                    continue
                left = []
                for heap in heaps:
                    sites = self._nearest[place, material]
                    open_ = [site for site in sites if room_mg[site] >= heap.mass_mg]
                    if open_:
                        room_mg[open_[0]] -= heap.mass_mg
                        rides.append(Ride(heap, open_[0], None))
                    else:
                        left.append(heap)
                self._waiting[place, material] = left
        self._set_out(rides)

    def by_plan(self, commitments: Iterable[CommitmentMade]) -> None:
        """Send the lots that an adopted plan names to the sites that it names."""
        self._waiting.clear()
        rides = [
            Ride(
                Heap(
                    portion.lot,
                    DistrictId(made.provider.removeprefix("commons:")),
                    made.material,
                    portion.mass_mg,
                ),
                SiteId(made.receiver.removeprefix("site:")),
                CommitmentId(made.commitment),
            )
            for made in commitments
            for portion in made.lots
        ]
        self._set_out(rides)

    def _set_out(self, rides: Iterable[Ride]) -> None:
        self._rides = tuple([] for _ in range(HAULING_WEEKDAYS))
        self._stores.clear()
        for ride in rides:
            self._rides[int(ride.heap.district) % HAULING_WEEKDAYS].append(ride)

    def day(self, day: Day) -> Iterator[tuple[Draft[Any], Store, int]]:
        """The loads of a day: what is recorded, which store they go into, and their mass [mg].

        A site that is out takes nothing: its loads stay where they are.
        """
        if day.weekday >= len(self._rides):
            return
        chance = self._random.random
        rides = [
            # Between six and three.
            (360 * 60 + int(chance() * 32_000), number, ride)
            for number, ride in enumerate(self._rides[day.weekday])
            if not self._is_out(ride.site, day.date)
        ]
        for moment, _, ride in sorted(rides):
            yield self._tipping(ride, day, moment)
            if chance() * _WEIGHED_OTHERWISE_ONE_IN < 1:
                otherwise = self._weighed_otherwise(ride, day)
                if otherwise is not None:
                    yield otherwise

    def _tipping(self, ride: Ride, day: Day, moment: int) -> tuple[Draft[Any], Store, int]:
        heap, site = ride.heap, self._declared.sites[ride.site]
        store = self._store(ride, day.date)
        body = EventHappened(
            action="transfer",
            provider=self._districts[heap.district].body.commons,
            receiver=site.operator,
            stamp="generated",
            lot=heap.lot,
            to_lot=store.lot,
            made=self._made_first(store),
            quantity=exact(heap.mass_mg),
            fulfills=() if ride.fulfills is None else (ride.fulfills,),
            to_place=ride.site,
        )
        key = f"{heap.lot}:{ride.site}:{day.text}"
        draft = Draft(
            body=body,
            occurred_at=day.at(moment // 60, moment % 60),
            author=site.operator,
            idempotency_key=key,
        )
        return draft, store, heap.mass_mg

    def _made_first(self, store: Store) -> LotMade | None:
        if store.lot in self._tipped:
            return None
        self._tipped.add(store.lot)
        return LotMade(lot=store.lot, material=store.material, place=store.site)

    def _weighed_otherwise(self, ride: Ride, day: Day) -> tuple[Draft[Any], Store, int] | None:
        """The site's scale shows a little more or less than what was reported."""
        hectograms = (
            int(ride.heap.mass_mg * self._random.uniform(-0.004, 0.004)) // MG_PER_HECTOGRAM
        )
        if hectograms == 0:
            return None
        store, operator = self._store(ride, day.date), operator_of(ride.site)
        body = EventHappened(
            action="raise" if hectograms > 0 else "lower",
            provider=operator,
            receiver=operator,
            stamp="generated",
            lot=store.lot,
            quantity=kilograms(abs(hectograms)),
        )
        draft = Draft(
            body=body,
            occurred_at=day.at(16 * 60),
            author=operator,
            idempotency_key=f"{ride.heap.lot}:{ride.site}:{day.text}:scale",
        )
        return draft, store, hectograms * MG_PER_HECTOGRAM

    def _store(self, ride: Ride, day: date) -> Store:
        named = ride.site, ride.heap.material
        if named not in self._stores:
            monday = day - timedelta(days=day.weekday())
            lot = LotId(f"{SOURCE}:{monday}:{ride.site}:{ride.heap.material}")
            self._stores[named] = Store(lot, ride.site, ride.heap.material)
        return self._stores[named]

    def _ways(self, declared: Declared) -> dict[tuple[DistrictId, MaterialId], list[SiteId]]:
        """For each district and material, the sites that take it, the nearest first."""
        return {
            (district.district, material.material): [
                site.site
                for site in sorted(
                    declared.sites.values(),
                    key=lambda site: great_circle_km(district.point, site.point),
                )
                if any(material.group in intake.accepts for intake in site.intakes)
            ]
            for district in declared.districts.values()
            for material in declared.materials.values()
        }
