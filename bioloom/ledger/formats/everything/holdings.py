"""Tables of what there is: lots, who has how much of them, and every movement."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.formats.everything.columns import (
    SEQ,
    Column,
    Reading,
    Row,
    Table,
    moment,
    text,
    whole,
)
from bioloom.ledger.inventory import lots
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import from_epoch_ms

T = TypeVar("T")
# So many legs are named at a time.
_TOGETHER = 2_000


def _lots(reading: Reading) -> Iterator[Row]:
    for row in lots(reading.journal):
        if reading.eyes.sees_lot(row):
            yield (
                row.lot,
                row.material,
                row.place or None,
                row.units,
                row.base_unit,
                row.mass_mg,
                row.reported,
                row.unit,
                row.stamp,
                row.first_day,
                row.last_day,
                row.occurred_at,
                row.made_by,
                row.said_by,
            )


def _holdings(reading: Reading) -> Iterator[Row]:
    for row in lots(reading.journal):
        if reading.eyes.sees_lot(row):
            for agent in sorted(row.owners.keys() | row.holders.keys()):
                owned, held = row.owners.get(agent, 0), row.holders.get(agent, 0)
                yield (row.lot, agent, owned, held, row.base_unit)


def _legs(reading: Reading) -> Iterator[Row]:
    journal = reading.journal
    agents = {number: agent for agent, number in journal.store.agents().items()}
    for legs in _in_pieces(journal.store.all_legs(), _TOGETHER):
        names = _names(journal, legs)
        entries = journal.at(sorted({leg.seq for leg in legs}))
        seen = {seq for seq, entry in entries.items() if reading.eyes.sees_entry(entry)}
        for leg in legs:
            if leg.seq in seen:
                name, base_unit = names[leg.lot]
                yield (
                    leg.seq,
                    leg.ordinal,
                    name,
                    agents[leg.giver],
                    agents[leg.receiver],
                    leg.rights_units,
                    leg.custody_units,
                    base_unit,
                    from_epoch_ms(leg.occurred_ms),
                )


def _names(journal: Journal, legs: Sequence[LegRow]) -> dict[int, tuple[LotId, BaseUnit]]:
    """What lots are called and counted in, by number."""
    numbers = {leg.lot for leg in legs}
    made_by = journal.at(sorted({first_seq_of(number) for number in numbers}))
    return {number: _name(made_by[first_seq_of(number)]) for number in numbers}


def _name(entry: Entry[Any]) -> tuple[LotId, BaseUnit]:
    match entry.body:
        case LotArrived(lot=lot):
            return lot, MILLIGRAM
        case EventHappened(made=made) if made is not None:
            return made.lot, made.base_unit
    # What a process lost is a lot, too.
    return lots_made(entry.body)[0], MILLIGRAM


def _in_pieces(values: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece


_LOT = text("lot", "The lot.")
_BASE_UNIT = text("base_unit", "The base unit: mg, ml, s, piece, or minor: and a currency.")

THERE = (
    Table(
        "lots",
        "Every lot, as the record describes it now.",
        (
            _LOT,
            text("material", "What it is made of."),
            text("place", "A district or a site, where one is named."),
            whole("quantity_base_units", "How much came into being, in whole base units."),
            _BASE_UNIT,
            whole("mass_mg", "Its mass in milligrams; empty where it was not weighed."),
            text("reported_quantity", "The figure as somebody reported it."),
            text("reported_unit", "The unit in which it was reported."),
            text("stamp", "What the figure stands on."),
            Column("first_day", "date", "The first day over which it was gathered."),
            Column("last_day", "date", "The last day over which it was gathered."),
            moment("occurred_at", "When it came into being."),
            whole("made_by_seq", "The entry that made it."),
            whole("said_by_seq", "The newest entry that says what it is."),
        ),
        _lots,
    ),
    Table(
        "holdings",
        "Who owns and who holds how much of each lot now.",
        (
            _LOT,
            text("agent", "The agent; what left the city stands in `legs`."),
            whole("rights_base_units", "How much it owns, in whole base units."),
            whole("custody_base_units", "How much it holds, in whole base units."),
            _BASE_UNIT,
        ),
        _holdings,
    ),
    Table(
        "legs",
        "Every movement of a lot between two accounts, of corrections and reversals too.",
        (
            SEQ,
            whole("ordinal", "Which of its entry's movements it is, from 0."),
            _LOT,
            text("giver", "Whose account it leaves."),
            text("receiver", "Whose account it enters."),
            whole("rights_base_units", "How much changes owner, in whole base units."),
            whole("custody_base_units", "How much changes hands, in whole base units."),
            _BASE_UNIT,
            moment("occurred_at", "When it happened."),
        ),
        _legs,
    ),
)
