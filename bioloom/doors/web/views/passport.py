"""A lot's passport, as far as one reader may see it: what it is, where from, whose, what became.

Shares are public where they are those of organisations and commons. What is of households is shown
as one share of all of them together, and only if ten or more are behind it: otherwise no share is
shown, as the hidden one would be the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import msgspec

from bioloom.doors.web.desk import Desk
from bioloom.doors.web.guards.reading import Reader
from bioloom.doors.web.views.covenants import Bond, bonds_on
from bioloom.doors.web.views.living import Happening, happenings
from bioloom.ledger.accounts.owing import OwedRow
from bioloom.ledger.custody.listing import LotCustody, custody_of_lot
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import LotRow, lot, lots_named
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.passports.mixing import SourceKind, apportioned
from bioloom.ledger.passports.origins import (
    DISCARDED,
    OriginsTooMany,
    destinations_of,
    origins_of,
)
from bioloom.ledger.people.publishing import FEWEST_HOUSEHOLDS
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.tracing import Origin, entries_of, files_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId

# So many shares are listed; what is smaller is added up.
_LISTED = 20

# A place stands for all that came from there, an agent for all that they discarded, and a lot for
# what is in it now, which may be this lot still. What is "gone" was used up, was lost or is inside
# a process. Households and others are several that are not named.
ShareKind = SourceKind | Literal["place", "agent", "lot", "gone", "households", "others"]


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One part of where a lot came from or went to. `share` is an exact fraction, such as "2/3"."""

    kind: ShareKind
    share: str
    units: int
    lot: LotId | None = None
    place: str = ""
    owner: AgentId | None = None
    # How many lots it stands for.
    lots: int = 1

    @property
    def part(self) -> float:
        """The share as a number, for the eye."""
        return float(Fraction(self.share))


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """Parts that add up to one; or why there are none to be shown."""

    parts: list[Share] = []
    hidden: Literal["", "households", "too many"] = ""


class Owing(msgspec.Struct, frozen=True, kw_only=True):
    """A promise or a claim that is about a lot and is not done."""

    name: str
    is_claim: bool
    provider: AgentId
    receiver: AgentId
    left_units: int
    base_unit: BaseUnit
    due: str | None
    overdue: bool
    said_by: int


class Passport(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a lot. Amounts are in its base unit."""

    lot: LotRow
    material: str
    low_code: str | None
    # The standard uncertainty of its amount, where somebody stated it.
    uncertainty_units: int | None
    # By who discarded it, by place, and by lot.
    discarded_by: Shares
    came_from: Shares
    made_of: Shares
    went_to: Shares
    # The covenants that bind it now.
    bound_by: list[Bond]
    owing: list[Owing]
    # What is claimed of where it came from, by whom that its reader may see.
    custody: LotCustody
    files: list[Origin]


class Step(NamedTuple):
    """One entry of a lot's line, and what it says as a sentence's parts."""

    entry: Entry[Any]
    told: Happening | None
    is_corrected: bool


class _Part(NamedTuple):
    share: Share
    exact: Fraction
    is_seen: bool
    households: frozenset[AgentId]


def read_passport(reader: Reader, desk: Desk, name: LotId) -> tuple[Passport, list[Entry[Any]]]:
    """A lot's passport and the entries of its line that a reader may see, in order.

    Raises:
        LotUnknown: If there is no such lot, or none that they may see.
    """
    row = lot(reader.journal, name)
    if row is None or not reader.sees_lot(row):
        raise LotUnknown(lot=name)
    entries = [e for e in entries_of(reader.journal, row) if reader.sees_entry(e)]
    declared = desk.standing().declared.materials.get(row.material)
    living = desk.living(desk.city.today())
    made_of = _made_of(reader, row)
    passport = Passport(
        lot=row,
        material=declared.name if declared else row.material,
        low_code=declared.low_code if declared else None,
        uncertainty_units=_uncertainty(reader, row),
        discarded_by=_shown(None if made_of is None else _by_discarder(made_of), row),
        came_from=_shown(None if made_of is None else _by_place(made_of), row),
        made_of=_shown(made_of, row),
        went_to=_went_to(reader, row),
        bound_by=bonds_on(
            reader.journal.store, lot_number(row.made_by), desk.covenants(), reader.at
        ),
        owing=_owing(reader, row.lot, living.owed),
        custody=_custody(reader, row.lot),
        files=files_of(reader.journal, entries),
    )
    return passport, entries


def tell_steps(reader: Reader, desk: Desk, entries: Sequence[Entry[Any]]) -> list[Step]:
    """Entries of a line as sentences' parts."""
    facts, corrected = recall(reader.journal.store), {entry.corrects for entry in entries}
    told = happenings(entries, desk.standing().declared, facts)
    by_seq = {one.seq: one for one in told}
    return [Step(entry, by_seq.get(entry.seq), entry.id in corrected) for entry in entries]


def _uncertainty(reader: Reader, row: LotRow) -> int | None:
    match reader.journal.at([row.said_by])[row.said_by].body:
        case LotArrived(uncertainty_mg=units) | EventHappened(uncertainty_units=units):
            return units
    return None


def _made_of(reader: Reader, row: LotRow) -> list[_Part] | None:
    """What a lot is made of; none where it is of too many lots."""
    try:
        origins = origins_of(reader.journal, row.lot)
    except OriginsTooMany:
        return None
    said = reader.journal.at([origin.seq for origin in origins])
    return [
        _Part(
            Share(
                kind=one.kind,
                share=str(one.share),
                units=0,
                lot=one.lot,
                place=one.place,
                owner=one.owner,
            ),
            one.share,
            reader.sees_entry(said[one.seq]),
            _households(reader, [one.owner] if one.owner else []),
        )
        for one in origins
    ]


def _by_discarder(parts: Iterable[_Part]) -> list[_Part]:
    """Parts of one who discarded them together; those that are not shown stay by themselves."""
    groups: defaultdict[tuple[AgentId | None, bool], list[_Part]] = defaultdict(list)
    for part in parts:
        owner = part.share.owner if part.share.kind in DISCARDED else None
        groups[owner, part.is_seen].append(part)
    return [
        one
        for (owner, is_seen), some in groups.items()
        for one in ([_together("agent", some, "", owner)] if is_seen else some)
    ]


def _by_place(parts: Iterable[_Part]) -> list[_Part]:
    """Parts of one place and of one owner together; those that are not shown stay by themselves."""
    groups: defaultdict[tuple[str, AgentId | None, bool], list[_Part]] = defaultdict(list)
    for part in parts:
        groups[part.share.place, part.share.owner, part.is_seen].append(part)
    return [
        one
        for (place, owner, is_seen), some in groups.items()
        for one in ([_together("place", some, place, owner)] if is_seen else some)
    ]


def _went_to(reader: Reader, row: LotRow) -> Shares:
    try:
        destinations = destinations_of(reader.journal, row.lot)
    except OriginsTooMany:
        return Shares(hidden="too many")
    rows = lots_named(reader.journal, [one.lot for one in destinations if one.lot is not None])
    parts = []
    for one in destinations:
        there = None if one.lot is None else rows.get(one.lot)
        share = Share(
            kind="gone" if there is None else "lot",
            share=str(one.share),
            units=0,
            lot=one.lot,
            place="" if there is None else there.place,
        )
        owners = [] if there is None else [*there.owners, *there.holders]
        is_seen = there is None or reader.sees_lot(there)
        parts.append(_Part(share, one.share, is_seen, _households(reader, owners)))
    return _shown(parts, row, of_units=row.units)


def _households(reader: Reader, agents: Iterable[AgentId]) -> frozenset[AgentId]:
    return frozenset(agent for agent in agents if reader.people.is_private(agent))


def _shown(parts: Sequence[_Part] | None, row: LotRow, *, of_units: int | None = None) -> Shares:
    """Shares as they may be shown, the largest first, with whole units that add up.

    What is not weighed has shares of its mass, and no part of a piece is a piece.
    """
    if parts is None:
        return Shares(hidden="too many")
    units = sum(row.owners.values()) if of_units is None else of_units
    units = units if row.base_unit == MILLIGRAM else 0
    seen = [part for part in parts if part.is_seen]
    hidden = [part for part in parts if not part.is_seen]
    if hidden:
        if len(frozenset[AgentId]().union(*(part.households for part in hidden))) < (
            FEWEST_HOUSEHOLDS
        ):
            return Shares(hidden="households")
        seen.append(_together("households", hidden))
    if len(seen) > _LISTED:
        seen.sort(key=lambda part: -part.exact)
        seen = [*seen[: _LISTED - 1], _together("others", seen[_LISTED - 1 :])]
    seen.sort(key=lambda part: (part.share.kind in ("gone", "others"), -part.exact))
    whole = apportioned(units, [part.exact for part in seen])
    return Shares(
        parts=[
            msgspec.structs.replace(part.share, units=count)
            for part, count in zip(seen, whole, strict=True)
        ]
    )


def _together(
    kind: Literal["place", "agent", "households", "others"],
    parts: Sequence[_Part],
    place: str = "",
    owner: AgentId | None = None,
) -> _Part:
    exact = sum((part.exact for part in parts), Fraction(0))
    lots = sum(part.share.lots for part in parts)
    share = Share(kind=kind, share=str(exact), units=0, lots=lots, place=place, owner=owner)
    return _Part(share, exact, is_seen=True, households=frozenset())


def _custody(reader: Reader, name: LotId) -> LotCustody:
    found = custody_of_lot(name, recall(reader.journal.store))
    return LotCustody(
        came_in_with=tuple(o for o in found.came_in_with if reader.sees_agent(o.declarer)),
        claims=tuple(one for one in found.claims if reader.sees_agent(one.operator)),
        certificates=tuple(
            msgspec.structs.replace(
                one,
                holders={who: n for who, n in one.holders.items() if reader.sees_agent(who)},
            )
            for one in found.certificates
        ),
    )


def _owing(reader: Reader, name: LotId, owed: Iterable[OwedRow]) -> list[Owing]:
    return [
        Owing(
            name=row.owed.name,
            is_claim=row.is_claim,
            provider=row.owed.provider,
            receiver=row.owed.receiver,
            left_units=row.owed.units - row.owed.done_units,
            base_unit=row.owed.base_unit,
            due=None if row.owed.due is None else row.owed.due.isoformat(),
            overdue=row.owed.standing == "overdue",
            said_by=row.said_by,
        )
        for row in owed
        if name in row.lots
        and row.owed.standing != "done"
        and reader.sees_what_is_between(row.owed.provider, row.owed.receiver)
    ]
