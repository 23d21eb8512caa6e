"""The living page: the day's pulse, what needs hands, and what just happened."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import msgspec

from bioloom.ledger.accounts.days import Day
from bioloom.ledger.accounts.owing import OwedRow
from bioloom.ledger.accounts.working import OpenProcess
from bioloom.ledger.declared import Declared
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.people.publishing import FEWEST_HOUSEHOLDS
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.circuits import PlanAdopted
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    EventReversed,
    ProcessClosed,
    ProcessOpened,
    PromiseMade,
)
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.lots import LotId, Side
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.stamps import Stamp

PULSE_DAYS = 14
# A promise is told of so many days before it is due.
SOON_DAYS = 7
_HEIGHT_PX = 48
# A change of one side alone is told as what it is.
_TRANSFERS: dict[tuple[Side, ...], str] = {
    ("rights",): "transferAllRights",
    ("custody",): "transferCustody",
}


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One day's mass, and how high its bar stands."""

    day: date
    mass_mg: int
    height_px: int


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of the pulse: today, the mean of the days before, and a bar for each day."""

    name: Literal["given", "taken_in", "made"]
    today_mg: int
    usual_mg: int
    bars: tuple[Bar, ...]
    # What today's figure stands on.
    stamps: tuple[Stamp, ...]


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits for somebody: promises of one provider, or a process left open."""

    need: Literal["overdue", "due", "open"]
    provider: AgentId
    # None where several wait.
    receiver: AgentId | None
    material: MaterialId | None
    units: int
    base_unit: BaseUnit
    count: int
    # When it is due, or since when it is open.
    day: date
    name: str
    seq: int


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """A recent entry as a sentence's parts."""

    seq: int
    at: Instant
    # A key of the catalogue's section `happening`.
    key: str
    giver: AgentId | None = None
    receiver: AgentId | None = None
    units: int = 0
    base_unit: BaseUnit = MILLIGRAM
    what: str = ""


def pulse(
    days: Mapping[str, Day],
    today: date,
    sites: Iterable[AgentId],
    is_private: Callable[[AgentId], bool] = lambda _: False,
) -> tuple[Beat, ...]:
    """What was given, taken in at sites, and made; today beside the days before.

    Args:
        days: Totals by day.
        today: The city's day.
        sites: The operators of sites.
        is_private: Whose giving is shown only among that of ten others or more.
    """
    span = [today - timedelta(days=back) for back in reversed(range(PULSE_DAYS))]
    told = [days.get(day.isoformat(), Day()) for day in span]
    operators = set(sites)
    taken_in = [
        sum(mass_mg for agent, mass_mg in day.received_mg.items() if agent in operators)
        for day in told
    ]
    stamps = tuple(sorted(told[-1].stamps))
    return (
        _beat("given", span, [_given_mg(day, is_private) for day in told], stamps),
        _beat("taken_in", span, taken_in, stamps),
        _beat("made", span, [day.made_mg for day in told], stamps),
    )


def _given_mg(day: Day, is_private: Callable[[AgentId], bool]) -> int:
    """What was given on a day, without what fewer than ten households gave."""
    of_households = [mass_mg for agent, mass_mg in day.given_mg.items() if is_private(agent)]
    few = len(of_households) < FEWEST_HOUSEHOLDS
    return sum(day.given_mg.values()) - (sum(of_households) if few else 0)


def _beat(
    name: Literal["given", "taken_in", "made"],
    span: Sequence[date],
    masses_mg: Sequence[int],
    stamps: tuple[Stamp, ...],
) -> Beat:
    highest_mg = max(1, *masses_mg)
    bars = [
        Bar(day=day, mass_mg=mass_mg, height_px=round(_HEIGHT_PX * max(0, mass_mg) / highest_mg))
        for day, mass_mg in zip(span, masses_mg, strict=True)
    ]
    before = masses_mg[:-1]
    return Beat(
        name=name,
        today_mg=masses_mg[-1],
        usual_mg=sum(before) // len(before),
        bars=tuple(bars),
        stamps=stamps,
    )


def hands(owed: Iterable[OwedRow], working: Iterable[OpenProcess], today: date) -> list[Hand]:
    """What waits for somebody: what is overdue, longest first, what is due soon, what is open.

    Promises of one provider, one material and one standing are told together.
    """
    groups: defaultdict[tuple[str, AgentId, MaterialId | None, BaseUnit], list[OwedRow]]
    groups = defaultdict(list)
    soon = today + timedelta(days=SOON_DAYS)
    for row in owed:
        if row.owed.standing != "done" and row.owed.due is not None and row.owed.due <= soon:
            need = "overdue" if row.owed.standing == "overdue" else "due"
            groups[need, row.owed.provider, row.material, row.owed.base_unit].append(row)
    promised = [_promised(need, rows) for (need, *_), rows in groups.items()]
    promised.sort(key=lambda hand: (hand.need != "overdue", hand.day, hand.provider))
    return promised + [
        Hand(
            need="open",
            provider=one.operator,
            receiver=None,
            material=None,
            units=0,
            base_unit=MILLIGRAM,
            count=1,
            day=one.since,
            name=one.name,
            seq=one.opened_by,
        )
        for one in working
    ]


def _promised(need: str, rows: Sequence[OwedRow]) -> Hand:
    first = min(rows, key=lambda row: (row.owed.due or date.max, row.said_by))
    receivers = {row.owed.receiver for row in rows}
    assert first.owed.due is not None, "only what has a day is told"
    return Hand(
        need="overdue" if need == "overdue" else "due",
        provider=first.owed.provider,
        receiver=first.owed.receiver if len(receivers) == 1 else None,
        material=first.material,
        units=sum(row.owed.units - row.owed.done_units for row in rows),
        base_unit=first.owed.base_unit,
        count=len(rows),
        day=first.owed.due,
        name=first.owed.name,
        seq=first.said_by,
    )


def happenings(entries: Iterable[Entry[Any]], declared: Declared, facts: Facts) -> list[Happening]:
    """Entries as sentences' parts; those that move or promise nothing are left out."""
    told = (_happening(entry, declared, facts) for entry in entries)
    return [happening for happening in told if happening is not None]


def _happening(entry: Entry[Any], declared: Declared, facts: Facts) -> Happening | None:
    body = entry.body
    told = Happening(seq=entry.seq, at=entry.occurred_at, key="")
    say = msgspec.structs.replace
    match body:
        case LotArrived():
            what = _material(body.material, declared)
            return say(told, key="given", giver=body.owner, units=body.mass_mg, what=what)
        case LotTransferred():
            what = _of_lot(body.lot, declared, facts)
            sides = {"giver": body.giver, "receiver": body.receiver}
            key = _TRANSFERS.get(body.sides, "transfer")
            return say(told, key=key, units=body.mass_mg, what=what, **sides)
        case EventHappened():
            return _event(told, body, declared, facts)
        case EventReversed():
            return say(told, key="reversed")
    return _of_undertaking(told, body, declared)


def _of_undertaking(told: Happening, body: object, declared: Declared) -> Happening | None:
    say = msgspec.structs.replace
    match body:
        case ProcessOpened():
            return say(told, key="opened", giver=body.operator, what=body.process)
        case ProcessClosed():
            lost_mg = sum(loss.mass_mg for loss in body.losses)
            return say(told, key="closed", what=body.process, units=lost_mg)
        case PlanAdopted():
            return say(told, key="adopted", what=body.plan)
        case PromiseMade():
            return say(
                told,
                key="promised",
                giver=body.provider,
                receiver=body.receiver,
                units=body.amount.units,
                base_unit=body.base_unit,
                what=_material(body.material, declared),
            )
    return None


def _event(told: Happening, body: EventHappened, declared: Declared, facts: Facts) -> Happening:
    kind = None if body.lot is None else facts.kind_of(body.to_lot or body.lot)
    amount = body.quantity or body.effort
    is_poured = body.provider == body.receiver and body.to_lot not in (None, body.lot)
    return msgspec.structs.replace(
        told,
        key="poured" if is_poured else body.action,
        giver=body.provider,
        receiver=body.receiver,
        units=0 if amount is None else amount.units,
        base_unit=BaseUnit("s") if body.quantity is None else kind[1] if kind else MILLIGRAM,
        what=_material(kind[0] if kind else body.material, declared),
    )


def _of_lot(lot: LotId, declared: Declared, facts: Facts) -> str:
    kind = facts.kind_of(lot)
    return _material(kind[0] if kind else None, declared)


def _material(material: MaterialId | None, declared: Declared) -> str:
    if material is None:
        return ""
    known = declared.materials.get(material)
    return known.name if known else material.replace("_", " ")
