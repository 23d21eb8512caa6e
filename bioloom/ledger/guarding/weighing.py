"""Weighing pieces: what is known of their mass is conserved beside their number."""

from typing import Any

import msgspec

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import weighed_pieces_of
from bioloom.ledger.events.moving import mass_moved
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal


class PiecesMassSenseless(Refusal):
    """An event says a mass of its pieces that cannot be."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The mass of these pieces cannot be: {found}.",
            why="Pieces and their mass are kept side by side, and each is exact.",
            remedy="Give mass_mg of the pieces that this event moves, in whole milligrams.",
        )


class PiecesMassExceeded(Refusal):
    """The pieces taken out of a lot weigh more than those that were weighed into it."""

    def __init__(self, *, lot: LotId, beyond_mg: int) -> None:
        self.lot, self.beyond_mg = lot, beyond_mg
        super().__init__(
            what=f"Pieces out of '{lot}' would weigh {beyond_mg} mg more than is known in it.",
            why="Known mass comes from nowhere else than the pieces that were weighed in.",
            remedy="Correct a mass, or say it of what came in (mass_mg, with --correct).",
        )


class PiecesWeighed(msgspec.Struct, frozen=True, kw_only=True):
    """The pieces of a lot beside what is known of their mass.

    `mass_mg` is what was weighed in less what was weighed out: what is left weighs so much where
    every event of the lot says its mass, and else that is not known.
    """

    units: int
    mass_mg: int
    # Pieces weighed in, less pieces weighed out.
    weighed_units: int


def judge_weighed(body: EventHappened, corrected: Entry[Any] | None, facts: Facts) -> None:
    """Hold the mass that an event says of its pieces against what is known of the lot's.

    Raises:
        PiecesMassSenseless: If it cannot be.
        PiecesMassExceeded: If more known mass would have come out of a lot than went in.
    """
    if body.mass_mg is not None:
        _judge_stated(body, facts)
    events = [body]
    if corrected is not None and isinstance(corrected.body, EventHappened):
        events.append(corrected.body)
    for lot in sorted({lot for event in events for lot, _ in mass_moved(event)}):
        own_mg = sum(mass_mg for name, mass_mg in mass_moved(body) if name == lot)
        _judge_left(lot, own_mg, facts)


def judge_unweighed(body: EventReversed, facts: Facts) -> None:
    """See that what is taken back was not the mass that came out again.

    Raises:
        PiecesMassExceeded: If it was.
    """
    entry = facts.entry(body.entry)
    if entry is None or not isinstance(entry.body, EventHappened):
        return
    for lot, mass_mg in mass_moved(entry.body):
        _judge_left(lot, -mass_mg, facts)


def pieces_weighed(lot: LotId, facts: Facts) -> PiecesWeighed | None:
    """The pieces of a lot and what is known of their mass; none where no event says any."""
    name = weighed_pieces_of(lot)
    if not facts.about(name):
        return None
    return PiecesWeighed(
        units=sum(facts.owner_units(lot).values()),
        mass_mg=facts.total(name, "weighed", lot),
        weighed_units=facts.total(name, "weighed pieces", lot),
    )


def _judge_stated(body: EventHappened, facts: Facts) -> None:
    assert body.mass_mg is not None, "a mass is judged where one is stated"
    made = body.made
    if not 0 < body.mass_mg <= LARGEST_MG:
        raise PiecesMassSenseless(found="it is out of range")
    if not body.lot or body.quantity is None:
        raise PiecesMassSenseless(found="it is of no pieces of a lot")
    kind = facts.kind_of(body.lot)
    base = made.base_unit if made is not None and made.lot == body.lot else kind and kind[1]
    if base == MILLIGRAM:
        raise PiecesMassSenseless(found="this lot is weighed, and not counted")
    if made is not None and made.mass_mg not in (None, body.mass_mg):
        raise PiecesMassSenseless(found=f"the lot it makes is said to weigh {made.mass_mg} mg")


def _judge_left(lot: LotId, more_mg: int, facts: Facts) -> None:
    left_mg = facts.total(weighed_pieces_of(lot), "weighed", lot) + more_mg
    if left_mg < 0:
        raise PiecesMassExceeded(lot=lot, beyond_mg=-left_mg)
