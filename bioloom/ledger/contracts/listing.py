"""Listing: the agreements of a city, how they stand, and what they would return."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from bioloom.ledger.contracts.agreeing import AgreementUnknown
from bioloom.ledger.contracts.terms import ContractStanding, is_over, standing_on, term_on
from bioloom.ledger.events.mentioning import agreement_name, commitment_name
from bioloom.ledger.inventory import lot as lot_row
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import Memory, recall
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.contracts import (
    AgreementEnded,
    AgreementId,
    AgreementMade,
    TakeBack,
)
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.lots import LotId


class Reclaimable(msgspec.Struct, frozen=True, kw_only=True):
    """What of a lot may go back: at most what was given of it, and what is still there."""

    lot: LotId
    base_unit: BaseUnit
    given_units: int
    still_there_units: int

    @property
    def units(self) -> int:
        """What would be returned, in the lot's base unit."""
        return min(self.given_units, self.still_there_units)


class TakeBackTold(msgspec.Struct, frozen=True, kw_only=True):
    """A right to take back, from when it holds, and what it would return by the record now."""

    right: TakeBack
    # None: not on any day that is known yet.
    since: date | None
    is_open: bool
    returns: tuple[Reclaimable, ...]
    # Of what is weighed, the sum of what would be returned.
    mass_mg: int


class ContractListed(msgspec.Struct, frozen=True, kw_only=True):
    """How an agreement stands on a day."""

    made: AgreementMade
    standing: ContractStanding
    # Of the term that runs; none where it has no end.
    last_day: date | None
    notice_by: date | None
    ended: AgreementEnded | None
    said_by: int


class Contract(ContractListed, frozen=True, kw_only=True):
    """An agreement as it stands on a day, and what goes back at its end."""

    take_backs: tuple[TakeBackTold, ...]


def contracts(journal: Journal, *, today: date) -> list[Contract]:
    """All agreements, the next to end first; those without an end after them, then those over."""
    facts = recall(journal.store)
    names = dict.fromkeys(
        entry.body.agreement
        for entry in journal.read(kinds=["AgreementMade"])
        if isinstance(entry.body, AgreementMade)
    )
    facts.prepare(map(agreement_name, names))
    found = [_contract(name, journal, facts, today=today) for name in names]
    return sorted(
        (one for one in found if one is not None),
        key=lambda one: (is_over(one.standing), one.last_day or date.max, one.made.agreement),
    )


def contracts_after(
    journal: Journal, after: int, *, today: date
) -> Iterator[tuple[int, ContractListed]]:
    """Agreements in the order in which they were made, from after an entry on; one by one.

    Each comes with the entry after which to go on. What would go back is not added up.
    """
    facts = recall(journal.store)
    for entry in journal.read(after=after, kinds=["AgreementMade"]):
        found = _listed(entry.body.agreement, facts, today=today)
        # One that was corrected stands where it was made rightly.
        if found is not None and found.said_by == entry.seq:
            yield entry.seq, found


def contract(journal: Journal, agreement: AgreementId, *, today: date) -> Contract:
    """One agreement as it stands on a day.

    Raises:
        AgreementUnknown: If nobody made it.
    """
    found = _contract(agreement, journal, recall(journal.store), today=today)
    if found is None:
        raise AgreementUnknown(agreement=agreement)
    return found


def due_within(journal: Journal, *, today: date, days: int) -> Iterator[Contract]:
    """Agreements that end, or whose notice ends, in some days from today, and open rights."""
    until = today + timedelta(days=days)
    for one in contracts(journal, today=today):
        is_near = one.last_day is not None and one.last_day >= today
        is_near = is_near and min(one.notice_by or until, one.last_day or until) <= until
        if is_near or any(right.is_open and right.returns for right in one.take_backs):
            yield one


def _contract(
    agreement: AgreementId, journal: Journal, facts: Memory, *, today: date
) -> Contract | None:
    listed = _listed(agreement, facts, today=today)
    if listed is None:
        return None
    return Contract(
        **msgspec.structs.asdict(listed),
        take_backs=tuple(
            _told(
                right, listed.made, listed.standing, listed.last_day, journal=journal, facts=facts
            )
            for right in listed.made.take_backs
        ),
    )


def _listed(agreement: AgreementId, facts: Memory, *, today: date) -> ContractListed | None:
    known = facts.introducing(agreement_name(agreement))
    made = next((one for one in known if isinstance(one.body, AgreementMade)), None)
    if made is None:
        return None  # Only a correction can have left nothing.
    ended = next((one.body for one in known if isinstance(one.body, AgreementEnded)), None)
    standing, term = standing_on(made.body, ended, today), term_on(made.body, today)
    last_day = ended.last_day if ended is not None else None if term is None else term.last_day
    return ContractListed(
        made=made.body,
        standing=standing,
        last_day=last_day,
        notice_by=None if term is None or ended is not None else term.notice_by,
        ended=ended,
        said_by=made.seq,
    )


def _told(
    right: TakeBack,
    made: AgreementMade,
    standing: ContractStanding,
    last_day: date | None,
    *,
    journal: Journal,
    facts: Memory,
) -> TakeBackTold:
    returns = tuple(_reclaimable(right, made, journal, facts))
    holds = standing == "breached" if right.on == "breach" else is_over(standing)
    may_come = right.on == "ended" or standing == "breached"
    since = last_day + timedelta(days=1) if may_come and last_day is not None else None
    return TakeBackTold(
        right=right,
        since=since,
        is_open=holds,
        returns=returns,
        mass_mg=sum(one.units for one in returns if one.base_unit == "mg"),
    )


def _reclaimable(
    right: TakeBack, made: AgreementMade, journal: Journal, facts: Memory
) -> Iterator[Reclaimable]:
    """What was given under an agreement, lot by lot, and is still with whom it was given to."""
    given: Counter[LotId] = Counter()
    counted: defaultdict[LotId, set[str]] = defaultdict(set)
    for commitment in made.commitments:
        for entry in facts.about(commitment_name(commitment)):
            event = entry.body
            if not isinstance(event, EventHappened) or event.quantity is None:
                continue
            lot = event.to_lot or event.lot
            way = (event.provider, event.receiver)
            # One event may fulfil two promises; it gave once.
            if lot is None or way != (right.by, right.of) or entry.id in counted[lot]:
                continue
            counted[lot].add(entry.id)
            given[lot] += event.quantity.units
    for lot, units in sorted(given.items()):
        row = lot_row(journal, lot)
        if row is not None and right.material in (None, row.material):
            there = max(row.owners.get(right.of, 0), row.holders.get(right.of, 0))
            yield Reclaimable(
                lot=lot, base_unit=row.base_unit, given_units=units, still_there_units=there
            )
