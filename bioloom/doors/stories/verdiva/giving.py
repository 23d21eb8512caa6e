"""Giving: what households hand in under their own account, and what the rounds bring from all."""

from bisect import bisect
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from bioloom.doors.stories.days import Day
from bioloom.doors.stories.verdiva.people import Household
from bioloom.doors.stories.verdiva.places import DISCARDED, QUARTERS, District, Material
from bioloom.doors.stories.verdiva.rhythm import PLANNING_WEEKDAY, TIMEZONE
from bioloom.doors.stories.weighing import kilograms
from bioloom.ledger.arriving import Load, Report, arrive, hand_in
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.places import DistrictId

SOURCE = "verdiva"
_ZONE = ZoneInfo(TIMEZONE)

# How often a household gives on a day, in thousandths, by weekday from Monday; more on round days.
_EAGER = (205, 195, 210, 355, 370, 440, 405)
# Of a hundred gifts, how many are of what, and how much one weighs at least [hundreds of grams].
_GIFTS = (
    ("kitchen", 41, 12), ("paper", 19, 10), ("packaging", 21, 7), ("textiles", 7, 6),
    ("electronics", 4, 8), ("wood", 3, 25), ("garden", 5, 20),
)  # fmt: skip
_WEIGHTS = tuple(accumulate(share for _, share, _ in _GIFTS))
# Rounds drive from Thursday to Sunday, each district twice; which materials ride on which round.
_ROUND_DAYS = ((3, 5), (4, 6))
_ON_FIRST = ("kitchen", "garden", "paper", "refuse")
_ON_SECOND = ("kitchen", "packaging", "textiles", "electronics", "wood", "refuse")
_TWICE = ("kitchen", "refuse")
# One weighing in so many is misread, and corrected on the same evening.
_MISREAD_ONE_IN = 250
# One gift in so many is wanted back on the next morning.
_WANTED_BACK_ONE_IN = 900


class Heap(NamedTuple):
    """A lot in a commons's hands that waits to be brought somewhere."""

    lot: LotId
    district: DistrictId
    material: MaterialId
    mass_mg: int


class Given(NamedTuple):
    """What one day brought: entries to record, what waits now, and what is wanted back tomorrow."""

    drafts: list[Draft[Any]]
    heaps: list[Heap]
    # Keys of the arrival and of the handing over of a gift.
    wanted_back: list[tuple[str, str]]


class Giving:
    """All that is given in Verdiva, day by day."""

    def __init__(
        self,
        districts: Sequence[District],
        households: Sequence[Household],
        declared: Declared,
        seed: int,
    ) -> None:
        self._districts, self._households, self._declared = districts, households, declared
        self._random = Random(seed)  # noqa: S311  A made-up city, not a secret.
        self._gifts = [
            (MaterialId(material), least, material == "garden") for material, _, least in _GIFTS
        ]

    def day(self, day: Day) -> Given:
        """What is given on a day, and handed on to the districts' commons."""
        given = Given([], [], [])
        eager_per_mille = _EAGER[day.weekday]
        # Fewer gifts in high summer, more around new year.
        often = eager_per_mille * (1 - 0.12 * day.season) / 1_000_000
        chance = self._random.random
        for household in self._households:
            if chance() < often * household.zeal_per_mille:
                drawn = bisect(_WEIGHTS, chance() * _WEIGHTS[-1])
                material, least, is_garden = self._gifts[drawn]
                if is_garden and chance() > 0.5 + 0.5 * day.season:
                    continue
                hectograms = int(least * (0.5 + 1.6 * chance()))
                self._give(given, household, material, hectograms, day)
        for number, district in enumerate(self._districts):
            days = _ROUND_DAYS[number % 2]
            if day.weekday in days:
                riding = _ON_FIRST if day.weekday == days[0] else _ON_SECOND
                self._round(given, district, riding, day)
        return given

    def _give(
        self, given: Given, household: Household, material: MaterialId, hectograms: int, day: Day
    ) -> None:
        """A household brings something to its district's yard, or gives it to the round."""
        body = household.district.body
        moment = int(self._random.random() * 36_000)  # Between seven and five.
        minute, second = 420 + moment // 60, moment % 60
        amount = kilograms(hectograms)
        key = f"{SOURCE}:{day.text}:{household.agent.partition(':')[2]}:{material}"
        load = Load(
            lot=LotId(key),
            material=material,
            district=body.district,
            owner=household.agent,
            amount=amount,
            day=day.date,
            stamp="generated",
        )
        given.drafts.append(
            hand_in(
                load, declared=self._declared, author=household.agent, at=day.at(minute, second)
            )
        )
        given.drafts.append(_handed(load, body.commons, day.at(minute + 4 + second, second)))
        # What is given on a Sunday is planned that evening, and gone in the morning.
        is_planned = day.weekday == PLANNING_WEEKDAY
        if not is_planned and self._random.random() * _WANTED_BACK_ONE_IN < 1:
            given.wanted_back.append((key, f"{key}:given"))
        else:
            given.heaps.append(Heap(load.lot, body.district, material, amount.units))

    def _round(self, given: Given, district: District, riding: tuple[str, ...], day: Day) -> None:
        """A round weighs what all households of a district put out, material by material."""
        team = QUARTERS[district.quarter].team
        for material in DISCARDED:
            if material.material in riding:
                hectograms = self._hectograms(material, district, day)
                draft = self._weighed(district, material, hectograms, team, day)
                given.drafts.append(draft)
                if self._random.randrange(_MISREAD_ONE_IN) == 0:
                    right = self._weighed(district, material, hectograms * 9 // 10, team, day)
                    draft = msgspec.structs.replace(draft, body=right.body)
                    given.drafts.append(draft)
                body = draft.body
                given.heaps.append(Heap(body.lot, body.place, body.material, body.mass_mg))

    def _weighed(
        self, district: District, material: Material, hectograms: int, team: AgentId, day: Day
    ) -> Draft[LotArrived]:
        report = Report(
            district=district.body.district,
            material=MaterialId(material.material),
            period=Period(first=day.date, last=day.date),
            period_key=day.text,
            amount=Decimal(hectograms).scaleb(-1),
            unit="kg",
            stamp="generated",
        )
        return arrive(report, source=SOURCE, declared=self._declared, author=team, zone=_ZONE)

    def _hectograms(self, material: Material, district: District, day: Day) -> int:
        """What a round brings of a material: by households, means, own bins and season."""
        rounds = 2 if material.material in _TWICE else 1
        means, bins = district.means_per_mille / 1000, district.bins_per_mille / 1000
        parted = 0.5 + 0.5 * bins
        if material.material == "refuse":
            # What finds no bin of its own ends up here.
            parted = 1.0 + 0.35 * (1 - bins)
        grams = material.grams_a_week * (1 + material.with_means * (means - 0.5)) * parted
        grams *= 1 + material.swing * day.season
        holidays = 1.25 if (day.date.month, day.date.day) >= (12, 22) else 1.0
        noise = 0.85 + 0.3 * self._random.random()
        return max(1, int(district.households * grams * holidays * noise / rounds / 100))


def _handed(load: Load, commons: AgentId, at: Instant) -> Draft[EventHappened]:
    """The gift changes hands: from now on it is the commons's, and in its yard."""
    body = EventHappened(
        action="transfer",
        provider=load.owner,
        receiver=commons,
        stamp="generated",
        lot=load.lot,
        quantity=load.amount,
        to_place=load.district,
    )
    key = f"{load.lot}:given"
    return Draft(body=body, occurred_at=at, author=load.owner, idempotency_key=key)
