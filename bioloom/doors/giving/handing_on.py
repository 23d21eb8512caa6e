"""Handing on and taking in: what a form says becomes a transfer, or the promise of one.

Whoever stands for both sides hands over at once. Otherwise the giver's form is a promise (a
Valueflows commitment), and the receiver's form, when they have the lot before them, fulfils it: the
record has the word of both.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec

from bioloom.doors.giving.measures import AmountAmiss, read_count, whole_mg
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import commitment_name
from bioloom.ledger.inventory import LotRow
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount, BaseUnit
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened, PromiseMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

_MG_PER_KG = 1_000_000
# What a form calls it: for now (they hold it), or for good (it becomes theirs).
WAYS: Mapping[str, Action] = MappingProxyType(
    {"hold": "transferCustody", "keep": "transfer", "own": "transferAllRights"}
)


class NothingToHandOn(Refusal):
    """Somebody would hand on what they do not have."""

    def __init__(self, *, giver: AgentId) -> None:
        self.giver = giver
        super().__init__(
            what=f"'{giver}' has nothing of this lot that could be handed on so.",
            why="Who hands something over holds it, and who gives it away owns it.",
            remedy="Look at the lot's page: whoever holds it hands it on.",
        )


class NotExpected(Refusal):
    """A lot is taken in that nobody said would come."""

    def __init__(self) -> None:
        super().__init__(
            what="No lot with this number is on its way to you.",
            why="A lot changes hands by the word of both: its holder's first, then yours.",
            remedy="Ask whoever brings it to hand it on to you on their phone; then take it in.",
        )


class NotWeighedUp(Refusal):
    """The scale shows more than was given, and the giver does not own all of it."""

    def __init__(self, *, giver: AgentId) -> None:
        self.giver = giver
        super().__init__(
            what=f"More is on the scale than the record has in the hands of '{giver}'.",
            why="What is too much would belong to somebody who is not here.",
            remedy="Take in what was promised; whoever owns the lot corrects its amount.",
        )


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """A lot on its way from one hand to another."""

    lot: LotId
    action: Action
    giver: AgentId
    receiver: AgentId
    units: int
    base_unit: BaseUnit
    stamp: Stamp


def read_handover(fields: Mapping[str, str], row: LotRow) -> Handover:
    """What the form for handing on says.

    Raises:
        AmountAmiss: If it cannot be said how much of the lot it is.
        NothingToHandOn: If the giver has none of it.
    """
    giver = AgentId(fields.get("giver", ""))
    action = WAYS.get(fields.get("way", ""), "transferCustody")
    has_units = _units_at_hand(row, giver, action)
    if has_units == 0:
        raise NothingToHandOn(giver=giver)
    part = fields.get("part", "").strip()
    return Handover(
        lot=row.lot,
        action=action,
        giver=giver,
        receiver=AgentId(fields.get("receiver", "")),
        units=_part(part, row.base_unit) if part else has_units,
        base_unit=row.base_unit,
        stamp=row.stamp,
    )


def handed_over(handover: Handover, *, fulfills: tuple[CommitmentId, ...] = ()) -> EventHappened:
    """The event in which a lot changes hands."""
    return EventHappened(
        action=handover.action,
        provider=handover.giver,
        receiver=handover.receiver,
        stamp=handover.stamp,
        lot=handover.lot,
        quantity=amount_of(handover.units, handover.base_unit),
        fulfills=fulfills,
    )


def promised(handover: Handover, number: str) -> PromiseMade:
    """The giver's word that a lot will change hands as soon as its receiver takes it in."""
    return PromiseMade(
        commitment=CommitmentId(f"hand-on:{number}"),
        action=handover.action,
        provider=handover.giver,
        receiver=handover.receiver,
        amount=amount_of(handover.units, handover.base_unit),
        base_unit=handover.base_unit,
        lot=handover.lot,
    )


def promises_to(
    journal: Journal, lot: LotId, receivers: Iterable[AgentId]
) -> list[Entry[PromiseMade]]:
    """What is still promised of a lot to any of some receivers, oldest first."""
    entries = [
        entry
        for entry in journal.read(kinds=["PromiseMade"])
        if entry.body.lot == lot and entry.body.receiver in set(receivers)
    ]
    facts = recall(journal.store)
    return [entry for entry in entries if _is_open(entry, facts)]


def taken_in(promise: PromiseMade, row: LotRow, weighed: str) -> list[EventHappened]:
    """What happens at a gate: the lot is weighed if there is a scale, and changes hands.

    What the scale shows beyond or below what was promised is raised or lowered at the giver first,
    from or to `unaccounted`; then what was weighed changes hands.

    Raises:
        AmountAmiss: If the weight is none.
        NotWeighedUp: If the giver does not own what would be raised or lowered.
    """
    is_weighed = bool(weighed.strip()) and row.base_unit == MILLIGRAM
    units = _part(weighed, row.base_unit) if is_weighed else promise.amount.units
    stamp: Stamp = row.stamp if not is_weighed or row.stamp == "generated" else "measured"
    handover = Handover(
        lot=row.lot,
        action=promise.action,
        giver=promise.provider,
        receiver=promise.receiver,
        units=units,
        base_unit=row.base_unit,
        stamp=stamp,
    )
    moved = handed_over(handover, fulfills=(promise.commitment,))
    difference = units - promise.amount.units
    if difference == 0:
        return [moved]
    owns_units = row.owners.get(promise.provider, 0)
    if owns_units < promise.amount.units:
        if difference > 0:
            raise NotWeighedUp(giver=promise.provider)
        # What is missing stays in the giver's hands in the record: they answer for it to its owner.
        return [moved]
    weighing = EventHappened(
        action="raise" if difference > 0 else "lower",
        provider=promise.provider,
        receiver=promise.provider,
        stamp=stamp,
        lot=row.lot,
        quantity=amount_of(abs(difference), row.base_unit),
    )
    return [weighing, moved]


def amount_of(units: int, base: BaseUnit) -> Amount:
    """Base units as a form shows them: milligrams in kilograms.

    >>> amount_of(2_500_000, MILLIGRAM)
    Amount(units=2500000, reported='2.5', unit='kg')
    """
    if base == MILLIGRAM:
        return Amount(
            units=units, reported=f"{(Decimal(units) / _MG_PER_KG).normalize():f}", unit="kg"
        )
    return Amount(units=units, reported=str(units), unit=base)


def _units_at_hand(row: LotRow, giver: AgentId, action: Action) -> int:
    owns, holds = row.owners.get(giver, 0), row.holders.get(giver, 0)
    match action:
        case "transferCustody":
            return holds
        case "transferAllRights":
            return owns
    return min(owns, holds)


def _part(text: str, base: BaseUnit) -> int:
    if base != MILLIGRAM:
        raise AmountAmiss(text=text, why="This lot is not weighed; it changes hands as a whole.")
    return whole_mg(read_count(text) * _MG_PER_KG)


def _is_open(entry: Entry[PromiseMade], facts: Facts) -> bool:
    # Weighed at the gate, it may be less or more than was promised; it is done all the same.
    told = facts.about(commitment_name(entry.body.commitment))
    return not any(isinstance(one.body, EventHappened) for one in told)
