"""Promising: repaired pieces promised to districts, and compost owed to those who gave for it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any, Literal

from bioloom.doors.stories.days import Day
from bioloom.doors.stories.verdiva.giving import SOURCE
from bioloom.doors.stories.verdiva.places import District
from bioloom.doors.stories.verdiva.working import Product, Working
from bioloom.doors.stories.weighing import MG_PER_HECTOGRAM, kilograms
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import OUTSIDE, AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, PIECE, Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    ClaimId,
    ClaimMade,
    CommitmentId,
    EventHappened,
    LotMade,
    PromiseMade,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import SiteId

_TUESDAY, _SATURDAY, _SUNDAY = 1, 5, 6
_HALLS = (SiteId("repair_ropewalk"), SiteId("repair_harrow"))
_PROMISES_A_WEEK = 3
_DAYS_TO_KEEP = 11
# One promise in so many is forgotten, and stands overdue until somebody sees it.
_FORGOTTEN_ONE_IN = 40
# A commons gets back one part of compost for so many parts of organics.
_PARTS_GIVEN_FOR_ONE = 20
_DAYS_TO_SETTLE = 13


class Promising:
    """What halls and compost yards owe, and how they keep their word."""

    def __init__(
        self, districts: Sequence[District], declared: Declared, working: Working, seed: int
    ) -> None:
        self._districts, self._declared, self._working = districts, declared, working
        self._random = Random(seed + 3)  # noqa: S311
        self._promises: list[PromiseMade] = []
        self._claims: list[ClaimMade] = []
        # Organics brought since the last claims, by site and by whom they came from.
        self._given_mg: defaultdict[tuple[SiteId, AgentId], int] = defaultdict(int)
        self._crates: set[SiteId] = set()

    def note(self, hauled: EventHappened, site: SiteId) -> None:
        """Note what a district gave to a site: compost yards owe for it."""
        is_given = (
            hauled.action == "transfer" and self._declared.sites[site].process == "composting"
        )
        if is_given and hauled.quantity is not None:
            self._given_mg[site, hauled.provider] += hauled.quantity.units

    def day(self, day: Day) -> Iterator[Draft[Any]]:
        """What is promised, owed, kept and settled on a day."""
        if day.weekday == _TUESDAY:
            yield from self._promise(day)
        if day.weekday == _SATURDAY:
            yield from self._keep(day)
            yield from self._settle(day)
        if day.weekday == _SUNDAY and day.date.day <= 7:
            yield from self._claim(day)

    def _promise(self, day: Day) -> Iterator[Draft[Any]]:
        for hall in _HALLS:
            operator = self._declared.sites[hall].operator
            for district in self._random.sample(self._districts, _PROMISES_A_WEEK):
                count = self._random.randint(6, 30)
                name = CommitmentId(f"{SOURCE}:{day.text}:{hall}:{district.body.district}")
                body = PromiseMade(
                    commitment=name,
                    action="transfer",
                    provider=operator,
                    receiver=district.body.commons,
                    amount=_pieces(count),
                    base_unit=PIECE,
                    material=MaterialId("repaired"),
                    due=day.date + timedelta(days=_DAYS_TO_KEEP),
                )
                if self._random.randrange(_FORGOTTEN_ONE_IN):
                    self._promises.append(body)
                yield Draft(
                    body=body,
                    occurred_at=day.at(10 * 60),
                    author=operator,
                    idempotency_key=name,
                )

    def _keep(self, day: Day) -> Iterator[Draft[Any]]:
        """Pieces go into a hall's crate, to the district, out of the crate, and are its own."""
        late: list[PromiseMade] = []
        for promise in self._promises:
            product = self._take("repaired", promise.provider, promise.amount.units)
            if product is None:
                late.append(promise)
                continue
            if product.site not in self._crates:
                self._crates.add(product.site)
                yield self._crate(product.site, day)
            yield from self._handed(promise, product, day)
        self._promises = late

    def _take(self, material: str, owner: AgentId, units: int) -> Product | None:
        """Take so much of what an owner keeps off the shelf: the first lot that has it all."""
        for shelf, product in enumerate(self._working.kept):
            is_theirs = self._declared.sites[product.site].operator == owner
            if is_theirs and product.material == material and product.units >= units:
                self._working.kept[shelf] = product._replace(units=product.units - units)
                return product
        return None

    def _crate(self, hall: SiteId, day: Day) -> Draft[Any]:
        """A hall finds that it has a crate; it counts what was there uncounted."""
        operator, lot = self._declared.sites[hall].operator, _crate_of(hall)
        body = EventHappened(
            action="raise",
            provider=operator,
            receiver=operator,
            stamp="generated",
            lot=lot,
            made=LotMade(lot=lot, material=MaterialId("crate"), place=hall, base_unit=PIECE),
            quantity=_pieces(1),
        )
        return Draft(body=body, occurred_at=day.at(8 * 60), author=operator, idempotency_key=lot)

    def _handed(self, promise: PromiseMade, product: Product, day: Day) -> Iterator[Draft[Any]]:
        crate, hall = _crate_of(product.site), promise.provider
        minute = 9 * 60 + self._random.randrange(60)
        steps = (
            ("packed", minute, _boxed("combine", hall, product.lot, crate, promise.amount)),
            (
                "taken-out",
                minute + 90,
                _boxed("separate", hall, product.lot, crate, promise.amount),
            ),
            (
                "handed",
                minute + 91,
                EventHappened(
                    action="transfer",
                    provider=hall,
                    receiver=promise.receiver,
                    stamp="generated",
                    lot=product.lot,
                    quantity=promise.amount,
                    fulfills=(promise.commitment,),
                ),
            ),
        )
        for step, at, body in steps:
            yield Draft(
                body=body,
                occurred_at=day.at(at),
                author=hall,
                idempotency_key=f"{promise.commitment}:{step}",
            )

    def _claim(self, day: Day) -> Iterator[Draft[Any]]:
        """Once a month each district is owed compost for the organics it gave."""
        for (site, commons), mass_mg in sorted(self._given_mg.items()):
            hectograms = mass_mg // _PARTS_GIVEN_FOR_ONE // MG_PER_HECTOGRAM
            if hectograms:
                body = ClaimMade(
                    claim=ClaimId(f"{SOURCE}:{day.text}:{site}:{commons}:compost"),
                    action="transfer",
                    provider=self._declared.sites[site].operator,
                    receiver=commons,
                    amount=kilograms(hectograms),
                    base_unit=MILLIGRAM,
                    material=MaterialId("compost"),
                    due=day.date + timedelta(days=_DAYS_TO_SETTLE),
                )
                self._claims.append(body)
                yield Draft(
                    body=body,
                    occurred_at=day.at(19 * 60 + 30),
                    author=body.provider,
                    idempotency_key=body.claim,
                )
        self._given_mg.clear()

    def _settle(self, day: Day) -> Iterator[Draft[Any]]:
        """Compost goes to who is owed it as far as it lasts; the rest is for gardens outside."""
        open_: list[ClaimMade] = []
        for claim in self._claims:
            product = self._take("compost", claim.provider, claim.amount.units)
            if product is None:
                open_.append(claim)
            else:
                yield self._compost(product, claim.receiver, claim.amount, (claim.claim,), day)
        self._claims = open_
        yield from self._sell(day)

    def _sell(self, day: Day) -> Iterator[Draft[Any]]:
        """Of each yard's compost the newest five lots are kept back for claims."""
        kept = [one for one in self._working.kept if one.units]
        for site in dict.fromkeys(one.site for one in kept if one.material == "compost"):
            lots = [one for one in kept if one.site == site and one.material == "compost"]
            for product in lots[:-5]:
                kept.remove(product)
                amount = Amount(units=product.units, reported=str(product.units), unit="mg")
                yield self._compost(product, OUTSIDE, amount, (), day)
        self._working.kept[:] = kept

    def _compost(
        self,
        product: Product,
        receiver: AgentId,
        amount: Amount,
        settles: tuple[ClaimId, ...],
        day: Day,
    ) -> Draft[Any]:
        operator = self._declared.sites[product.site].operator
        body = EventHappened(
            action="transfer",
            provider=operator,
            receiver=receiver,
            stamp="generated",
            lot=product.lot,
            quantity=amount,
            settles=settles,
        )
        key = settles[0] if settles else product.lot
        return Draft(
            body=body,
            occurred_at=day.at(14 * 60),
            author=operator,
            idempotency_key=f"{key}:handed-over",
        )


def _boxed(
    action: Literal["combine", "separate"],
    hall: AgentId,
    lot: LotId,
    crate: LotId,
    amount: Amount,
) -> EventHappened:
    return EventHappened(
        action=action,
        provider=hall,
        receiver=hall,
        stamp="generated",
        lot=lot,
        quantity=amount,
        container=crate,
    )


def _crate_of(hall: SiteId) -> LotId:
    return LotId(f"{SOURCE}:crate:{hall}")


def _pieces(count: int) -> Amount:
    return Amount(units=count, reported=str(count), unit="piece")
