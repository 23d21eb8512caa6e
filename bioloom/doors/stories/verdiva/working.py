"""Working: what the sites make of what they are brought, week by week, with closed balances."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

from bioloom.doors.stories.days import Day
from bioloom.doors.stories.verdiva.giving import SOURCE
from bioloom.doors.stories.verdiva.hauling import Store
from bioloom.doors.stories.verdiva.places import QUARTERS
from bioloom.doors.stories.verdiva.rhythm import STORM
from bioloom.doors.stories.weighing import MG_PER_HECTOGRAM, exact, kilograms
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AIR, OUTSIDE, SOIL, WATER, AgentId
from bioloom.vocabulary.amounts import PIECE, Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import (
    EventHappened,
    Loss,
    LotMade,
    ProcessClosed,
    ProcessId,
    ProcessOpened,
    SpecificationId,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import SiteId

_FRIDAY = 4
_SATURDAY = 5


class Recipe(NamedTuple):
    """What a process makes of 1000 parts of its input; what is left over is the residual."""

    makes: tuple[tuple[str, int], ...]
    loses: tuple[tuple[AgentId, int], ...] = ()
    # What it gives back in pieces: the material, and the mass of one at most [hundreds of grams].
    pieces: tuple[str, int] | None = None
    # Parts that the pieces weigh.
    pieces_per_mille: int = 0


# Shares are made up, within the range of what practice reports.
RECIPES: dict[str, Recipe] = {
    "digestion": Recipe((("biogas", 125), ("digestate", 868))),
    "composting": Recipe((("compost", 420),), ((AIR, 540), (WATER, 30))),
    "biowall": Recipe((("leafy_biomass", 290),), ((AIR, 560), (WATER, 140))),
    "pulping": Recipe((("pulp", 885), ("pulping_rejects", 88)), ((AIR, 20),)),
    "sorting": Recipe((("metal", 252), ("glass", 378), ("plastic", 232), ("sorting_rejects", 131))),
    "repair": Recipe((("offcuts", 310),), (), ("repaired", 90), 684),
    "making_art": Recipe((("offcuts", 220),), (), ("works", 400), 776),
    "recovery": Recipe((("ash", 238),), ((AIR, 755),)),
}
# Where products go when they leave the site; what is named nowhere is kept for who is owed it.
_LEAVES_FOR = {
    **dict.fromkeys(("pulping_rejects", "sorting_rejects", "offcuts", "ash"), SOIL),
    **dict.fromkeys(("biogas", "digestate", "leafy_biomass", "pulp"), OUTSIDE),
    **dict.fromkeys(("metal", "glass", "plastic", "works"), OUTSIDE),
}
_RESIDUAL_SWING_PER_MILLE = 5


class Product(NamedTuple):
    """A lot that a process made, in its base unit."""

    lot: LotId
    site: SiteId
    material: MaterialId
    units: int


class _Batch(NamedTuple):
    """One week's process at a site, and what went into it [mg]."""

    process: ProcessId
    site: SiteId
    recipe: Recipe
    inputs_mg: dict[Store, int]


class Working:
    """The processes of all sites."""

    def __init__(self, declared: Declared, seed: int) -> None:
        self._declared = declared
        self._random = Random(seed + 2)  # noqa: S311
        self._batches: dict[SiteId, _Batch] = {}
        self._today: defaultdict[Store, int] = defaultdict(int)
        self._to_leave: list[Product] = []
        # What is kept for who is owed it: compost and repaired pieces.
        self.kept: list[Product] = []

    def receive(self, store: Store, mass_mg: int) -> None:
        """Note what was tipped into a site's heap today; a scale may show less."""
        self._today[store] += mass_mg

    def day(self, day: Day) -> Iterator[Draft[Any]]:
        """What the sites do on a day."""
        for store, mass_mg in self._today.items():
            yield from self._take_in(store, mass_mg, day)
        self._today.clear()
        if day.weekday == _SATURDAY:
            yield from self._leave(day)
        for site, batch in list(self._batches.items()):
            if day.weekday >= _FRIDAY and not STORM.hits(site, day.date):
                yield from self._close(batch, day)
                del self._batches[site]
        yield from self._filter_air(day)

    def _take_in(self, store: Store, mass_mg: int, day: Day) -> Iterator[Draft[Any]]:
        site = self._declared.sites[store.site]
        if site.process not in RECIPES:
            # A transfer yard makes nothing: what it takes leaves the city on the same evening.
            yield self._sent(Product(store.lot, store.site, store.material, mass_mg), OUTSIDE, day)
            return
        batch = self._batches.get(store.site)
        if batch is None:
            batch = self._open(store.site, day)
            body = ProcessOpened(
                process=batch.process,
                specification=SpecificationId(site.process),
                operator=site.operator,
                place=store.site,
            )
            yield self._draft(body, batch.process, store.site, day.at(5 * 60))
        batch.inputs_mg[store] = batch.inputs_mg.get(store, 0) + mass_mg
        consumed = EventHappened(
            action="consume",
            provider=site.operator,
            receiver=site.operator,
            stamp="generated",
            lot=store.lot,
            quantity=exact(mass_mg),
            input_of=batch.process,
        )
        key = f"{store.lot}:in:{day.text}"
        yield self._draft(consumed, key, store.site, day.at(17 * 60, 30))
        yield self._hands(batch, store, mass_mg, day)

    def _open(self, site: SiteId, day: Day) -> _Batch:
        process = ProcessId(f"{SOURCE}:{day.text}:{site}")
        recipe = RECIPES[self._declared.sites[site].process]
        self._batches[site] = batch = _Batch(process, site, recipe, {})
        return batch

    def _hands(self, batch: _Batch, store: Store, mass_mg: int, day: Day) -> Draft[Any]:
        """Guardians work at a site: an hour for every six tonnes, and one to begin with."""
        tenths = 10 + mass_mg // 600_000_000
        teams: Sequence[AgentId] = [quarter.team for quarter in QUARTERS.values()]
        body = EventHappened(
            action="work",
            provider=teams[self._random.randrange(len(teams))],
            receiver=self._declared.sites[batch.site].operator,
            stamp="generated",
            material=MaterialId("hands"),
            effort=Amount(units=tenths * 360, reported=f"{tenths // 10}.{tenths % 10}", unit="h"),
            input_of=batch.process,
        )
        return self._draft(body, f"{store.lot}:hands:{day.text}", batch.site, day.at(17 * 60, 40))

    def _close(self, batch: _Batch, day: Day) -> Iterator[Draft[Any]]:
        """Weigh what came out, declare what was lost, and post what is missing."""
        recipe, process = batch.recipe, batch.process
        in_mg = sum(batch.inputs_mg.values())
        # What nobody accounts for swings around what the recipe leaves.
        swing = self._random.randint(-_RESIDUAL_SWING_PER_MILLE, _RESIDUAL_SWING_PER_MILLE)
        out_mg = 0
        for number, (material, per_mille) in enumerate(recipe.makes):
            share = per_mille + (swing if number == 0 else 0)
            hectograms = in_mg * share // 1000 // MG_PER_HECTOGRAM
            if hectograms:
                out_mg += hectograms * MG_PER_HECTOGRAM
                yield self._made(batch, material, kilograms(hectograms), day)
        if recipe.pieces is not None:
            yield from self._pieces(batch, recipe.pieces, in_mg, day)
        losses = tuple(
            Loss(to=to, mass_mg=in_mg * per_mille // 1000, stamp="generated")
            for to, per_mille in recipe.loses
            if in_mg * per_mille // 1000
        )
        residual_mg = in_mg - out_mg - sum(loss.mass_mg for loss in losses)
        closed = ProcessClosed(process=process, losses=losses, residual_mg=residual_mg)
        yield self._draft(closed, f"{process}:closed", batch.site, day.at(16 * 60 + 5))

    def _pieces(
        self, batch: _Batch, pieces: tuple[str, int], in_mg: int, day: Day
    ) -> Iterator[Draft[Any]]:
        material, most_hectograms = pieces
        mass_mg = in_mg * batch.recipe.pieces_per_mille // 1000
        count = mass_mg // (most_hectograms * MG_PER_HECTOGRAM) + 1
        amount = Amount(units=count, reported=str(count), unit="piece")
        yield self._made(batch, material, amount, day, pieces_mg=mass_mg)

    def _made(
        self,
        batch: _Batch,
        material: str,
        amount: Amount,
        day: Day,
        *,
        pieces_mg: int | None = None,
    ) -> Draft[Any]:
        lot = LotId(f"{batch.process}:{material}")
        operator = self._declared.sites[batch.site].operator
        made = LotMade(lot=lot, material=MaterialId(material), place=batch.site)
        if pieces_mg is not None:
            made = LotMade(
                lot=lot,
                material=MaterialId(material),
                place=batch.site,
                base_unit=PIECE,
                mass_mg=pieces_mg,
            )
        body = EventHappened(
            action="produce",
            provider=operator,
            receiver=operator,
            stamp="generated",
            lot=lot,
            made=made,
            quantity=amount,
            output_of=batch.process,
        )
        product = Product(lot, batch.site, made.material, amount.units)
        (self._to_leave if material in _LEAVES_FOR else self.kept).append(product)
        return self._draft(body, lot, batch.site, day.at(16 * 60))

    def _leave(self, day: Day) -> Iterator[Draft[Any]]:
        """On Saturdays products leave the city, and rejects go to the ground."""
        for product in self._to_leave:
            yield self._sent(product, _LEAVES_FOR[product.material], day)
        self._to_leave.clear()

    def _sent(self, product: Product, receiver: AgentId, day: Day) -> Draft[Any]:
        is_weighed = product.material not in ("works", "repaired")
        pieces = Amount(units=product.units, reported=str(product.units), unit="piece")
        body = EventHappened(
            action="transfer",
            provider=self._declared.sites[product.site].operator,
            receiver=receiver,
            stamp="generated",
            lot=product.lot,
            quantity=exact(product.units) if is_weighed else pieces,
        )
        key = f"{product.lot}:sent:{day.text}"
        return self._draft(body, key, product.site, day.at(18 * 60))

    def _filter_air(self, day: Day) -> Iterator[Draft[Any]]:
        """Each Biowall leads street air through; its leaves want light, so less in winter."""
        for site in self._declared.sites.values():
            if site.process == "biowall":
                cubic_metres = int(52_000 * (1 + 0.3 * day.season) * self._random.uniform(0.9, 1.1))
                amount = Amount(
                    units=cubic_metres * 1_000_000, reported=str(cubic_metres), unit="m3"
                )
                body = EventHappened(
                    action="deliverService",
                    provider=site.operator,
                    receiver=AgentId("assembly"),
                    stamp="generated",
                    material=MaterialId("filtered_air"),
                    quantity=amount,
                )
                key = f"{SOURCE}:{day.text}:{site.site}:air"
                yield self._draft(body, key, site.site, day.at(19 * 60))

    def _draft(self, body: Any, key: str, site: SiteId, at: Any) -> Draft[Any]:  # noqa: ANN401
        operator = self._declared.sites[site].operator
        return Draft(body=body, occurred_at=at, author=operator, idempotency_key=key)
