"""Working: what the network's sites make of a week's heaps, each process with a closed balance."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import msgspec

from bioloom.doors.stories.carnival.giving import SOURCE
from bioloom.doors.stories.carnival.places import SHARES, Share
from bioloom.doors.stories.days import Day
from bioloom.doors.stories.weighing import MG_PER_HECTOGRAM, exact, kilograms
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.actions import Action
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

# What was brought on Thursday goes in on Friday, and is weighed out on the Wednesday after.
_GOES_IN, _COMES_OUT = 4, 2
# Nobody accounts for so many parts in 1000 at most, this way or that.
_SWING_PER_MILLE = 6


class Working:
    """The processes that are open, and what went into them."""

    def __init__(self, declared: Declared, seed: int) -> None:
        self._declared = declared
        self._random = Random(seed + 1)  # noqa: S311
        self._open: dict[str, tuple[ProcessId, int]] = {}

    def day(self, day: Day, brought: dict[str, dict[LotId, int]]) -> Iterator[Draft[Any]]:
        """What the sites do on a day.

        Args:
            day: The day.
            brought: What lies at each site, lot by lot [mg]; what goes in is taken out of it.
        """
        if day.weekday == _COMES_OUT:
            for site in list(self._open):
                yield from self._close(site, day)
        if day.weekday == _GOES_IN:
            for site in sorted(brought):
                yield from self._start(site, brought.pop(site), day)

    def _start(self, site: str, heaps: Mapping[LotId, int], day: Day) -> Iterator[Draft[Any]]:
        declared = self._declared.sites[SiteId(site)]
        process = ProcessId(f"{SOURCE}:{day.text}:{site}")
        opening = ProcessOpened(
            process=process,
            specification=SpecificationId(declared.process),
            operator=declared.operator,
            place=site,
        )
        yield _draft(opening, process, declared.operator, day, 8 * 60)
        for number, (heap, mass_mg) in enumerate(heaps.items()):
            consumed = _event("consume", declared.operator, heap, exact(mass_mg))
            consumed = msgspec.structs.replace(consumed, input_of=process)
            yield _draft(consumed, f"{heap}:in", declared.operator, day, 9 * 60 + number)
        self._open[site] = process, sum(heaps.values())

    def _close(self, site: str, day: Day) -> Iterator[Draft[Any]]:
        """Weigh what came out, declare what was lost, and post what is missing."""
        process, in_mg = self._open.pop(site)
        declared = self._declared.sites[SiteId(site)]
        share, out_mg = SHARES[declared.process], 0
        for number, (material, per_mille) in enumerate(self._swung(share)):
            hectograms = in_mg * per_mille // 1000 // MG_PER_HECTOGRAM
            out_mg += hectograms * MG_PER_HECTOGRAM
            lot = LotId(f"{process}:{material}")
            made = _event("produce", declared.operator, lot, kilograms(hectograms))
            made = msgspec.structs.replace(
                made,
                made=LotMade(lot=lot, material=MaterialId(material), place=site),
                output_of=process,
            )
            yield _draft(made, lot, declared.operator, day, 15 * 60 + number)
        losses = tuple(
            Loss(to=to, mass_mg=in_mg * per_mille // 1000, stamp="generated")
            for to, per_mille in share.loses
        )
        residual_mg = in_mg - out_mg - sum(loss.mass_mg for loss in losses)
        closed = ProcessClosed(process=process, losses=losses, residual_mg=residual_mg)
        yield _draft(closed, f"{process}:closed", declared.operator, day, 16 * 60)

    def _swung(self, share: Share) -> Iterator[tuple[str, int]]:
        """What a process makes this week, in 1000 parts: the first swings a little."""
        (material, per_mille), *others = share.makes
        yield material, per_mille + self._random.randint(-_SWING_PER_MILLE, _SWING_PER_MILLE)
        yield from others


def _event(action: Action, operator: AgentId, lot: LotId, quantity: Amount) -> EventHappened:
    return EventHappened(
        action=action,
        provider=operator,
        receiver=operator,
        stamp="generated",
        lot=lot,
        quantity=quantity,
    )


def _draft(body: msgspec.Struct, key: str, author: AgentId, day: Day, minute: int) -> Draft[Any]:
    return Draft(body=body, occurred_at=day.at(minute), author=author, idempotency_key=key)
