"""Giving: what the neighbourhoods and their households log, and bring to the network's sites."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bioloom.doors.stories.carnival.calendar import CONTRACTS_END, TIMEZONE
from bioloom.doors.stories.carnival.owing import TO_THE_COMPANY, commitment_of
from bioloom.doors.stories.carnival.people import Household
from bioloom.doors.stories.carnival.places import (
    DISCARDED,
    ELSEWHERE,
    MERIDIAN,
    MERIDIAN_PLANT,
    Neighbourhood,
)
from bioloom.doors.stories.days import Day
from bioloom.doors.stories.weighing import exact, kilograms
from bioloom.ledger.arriving import Load, Report, arrive, hand_in, natural_key
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId, operator_of
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened, LotMade
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period

SOURCE = "carnival"
_ZONE = ZoneInfo(TIMEZONE)
# Rounds weigh on Tuesday what all of a neighbourhood put out; on Thursday it is brought.
_ROUND, _BRINGING = 1, 3
# A household logs a gift of its own about twice a week [in a thousand, on any day].
_GIVES_PER_MILLE = 300
# Of what is sent to the company at all.
_COMPANY_TAKES_ONE_IN = 3
_BROUGHT_TO = {MaterialId(discard.material): discard.site for discard in DISCARDED}


class Giving:
    """What is logged, day by day, and what waits in the neighbourhoods' yards."""

    def __init__(
        self,
        neighbourhoods: Sequence[Neighbourhood],
        households: Sequence[Household],
        declared: Declared,
        seed: int,
    ) -> None:
        self._neighbourhoods, self._households = neighbourhoods, households
        self._declared = declared
        self._random = Random(seed)  # noqa: S311  A made-up city, not a secret.
        self._waiting: defaultdict[tuple[AgentId, str], list[LotArrived]] = defaultdict(list)
        # What was brought to each site this week, lot by lot [mg].
        self.brought: defaultdict[str, dict[LotId, int]] = defaultdict(dict)
        # What went into the company's hands.
        self.sent: list[LotArrived] = []

    def day(self, day: Day) -> Iterator[Draft[Any]]:
        """What happens on a day: gifts, the round, and bringing."""
        for one in self._neighbourhoods:
            if day.weekday == _ROUND:
                yield from self._round(one, day)
            if day.weekday == _BRINGING:
                yield from self._bring(one, day)
        for household in self._households:
            if self._random.random() * 1000 < _GIVES_PER_MILLE:
                yield from self._give(household, day)

    def _give(self, household: Household, day: Day) -> Iterator[Draft[Any]]:
        """A household logs something as its own, and hands it to its neighbourhood."""
        discard = DISCARDED[self._random.randrange(len(DISCARDED))]
        body = household.neighbourhood.body
        moment = 7 * 60 + self._random.randrange(10 * 60)
        tell = household.agent.partition(":")[2]
        load = Load(
            lot=LotId(f"{SOURCE}:{day.text}:{tell}:{discard.material}"),
            material=MaterialId(discard.material),
            district=body.district,
            owner=household.agent,
            amount=kilograms(5 + self._random.randrange(discard.grams_a_week // 50 + 5)),
            day=day.date,
            stamp="generated",
        )
        arrived = hand_in(
            load, declared=self._declared, author=household.agent, at=day.at(moment, 10)
        )
        yield arrived
        yield passed(
            "transfer",
            arrived.body,
            household.agent,
            body.commons,
            at=day.at(moment + 6, 20),
            key=f"{load.lot}:given",
        )
        self._waiting[body.commons, discard.material].append(arrived.body)

    def _round(self, one: Neighbourhood, day: Day) -> Iterator[Draft[Any]]:
        """All that a neighbourhood put out, weighed material by material."""
        for discard in DISCARDED:
            grams = discard.grams_a_week * one.households * (0.8 + 0.4 * self._random.random())
            report = Report(
                district=one.body.district,
                material=MaterialId(discard.material),
                period=Period(first=day.date, last=day.date),
                period_key=day.text,
                # A quarter is kept apart; the rest is not in the network's hands.
                amount=Decimal(int(grams / 400)).scaleb(-1),
                unit="kg",
                stamp="generated",
            )
            arrived = arrive(
                report, source=SOURCE, declared=self._declared, author=one.body.commons, zone=_ZONE
            )
            yield arrived
            self._waiting[one.body.commons, discard.material].append(arrived.body)

    def _bring(self, one: Neighbourhood, day: Day) -> Iterator[Draft[Any]]:
        """What waits is tipped into the heap of the week at the site that works with it."""
        for discard in DISCARDED:
            loads = self._waiting.pop((one.body.commons, discard.material), [])
            for number, load in enumerate(loads):
                minute = 8 * 60 + (number * 7) % 420
                is_sent_out = discard.material in TO_THE_COMPANY and day.date <= CONTRACTS_END
                if is_sent_out and number % _COMPANY_TAKES_ONE_IN == 0:
                    owned = msgspec.structs.replace(load, owner=one.body.commons)
                    self.sent.append(owned)
                    yield passed(
                        "transferCustody",
                        load,
                        one.body.commons,
                        MERIDIAN,
                        at=day.at(minute, 40),
                        key=f"{load.lot}:to-{MERIDIAN_PLANT}",
                        fulfills=(commitment_of(one.body.commons, discard.material),),
                    )
                else:
                    yield self._tip(load, one, day, minute)

    def _tip(
        self, load: LotArrived, one: Neighbourhood, day: Day, minute: int
    ) -> Draft[EventHappened]:
        site = ELSEWHERE.get((one.body.district, load.material)) or _BROUGHT_TO[load.material]
        heap = LotId(natural_key(SOURCE, day.text, site, load.material))
        heaps = self.brought[site]
        is_new = heap not in heaps
        heaps[heap] = heaps.get(heap, 0) + load.mass_mg
        return passed(
            "transfer",
            load,
            one.body.commons,
            operator_of(site),
            at=day.at(minute, 30 if is_new else 50),
            key=f"{load.lot}:brought",
            into=LotMade(lot=heap, material=load.material, place=site),
            is_made=is_new,
        )


def passed(
    action: Action,
    load: LotArrived,
    giver: AgentId,
    receiver: AgentId,
    *,
    at: Instant,
    key: str,
    into: LotMade | None = None,
    is_made: bool = False,
    fulfills: tuple[CommitmentId, ...] = (),
) -> Draft[EventHappened]:
    """All of a load passes from one to another, as its giver tells it."""
    body = EventHappened(
        action=action,
        provider=giver,
        receiver=receiver,
        stamp="generated",
        lot=load.lot,
        quantity=exact(load.mass_mg),
        to_lot=None if into is None else into.lot,
        made=into if is_made else None,
        fulfills=fulfills,
    )
    return Draft(body=body, occurred_at=at, author=giver, idempotency_key=key)
