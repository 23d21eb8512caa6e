"""Counting: how a pledge is kept, from the record only, and told only where households may be.

What somebody discards counts from when they joined until they left, by its weight and the material
that the record has now. Weeks are told together until both figures, what counts for the pledge and
what counts against it, are those of ten households or of none; what was told does not change with
who joins or leaves later. Weeks that are not told are in no figure, as they could be subtracted.

What this does not do: a correction of what was told shows by how much it corrects; and where fewer
than ten households ever discard what counts against a pledge, nothing is told of it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.people.people import People
from bioloom.ledger.people.publishing import FEWEST_HOUSEHOLDS, Cell
from bioloom.ledger.pledges.seasons import Pledge, PledgeUnknown, Season, pledges_in
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.events import EventReversed
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.pledges import PledgeId, PledgeMade
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period, day_of, epoch_ms
from bioloom.vocabulary.stamps import STAMPS, Stamp

_PLEDGE_KINDS = ("PledgeMade", "PledgeRenewed", "PledgeJoined", "PledgeLeft")
_LOT_KINDS = (LotArrived.__name__, EventReversed.__name__)
_WEEK = timedelta(days=7)


class Discarded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A lot as it came into the record, of somebody who ever gave their word for a pledge."""

    entry: str
    who: AgentId
    material: MaterialId
    mass_mg: int
    stamp: Stamp
    occurred_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that those who ever joined a pledge discarded, up to an entry, by the lot's own key."""

    seq: int = 0
    by_key: dict[str, Discarded] = field(default_factory=dict)


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How a season of a pledge is kept, as anybody may know it.

    Attributes:
        joined: How many are in it now; none where they are fewer than ten households.
        told_until: The last day that is in the figures; none where nothing can be told yet.
        counted_mg: What counts for it, of the days that are told; `against_mg` likewise.
        stamps: What the figures stand on.
        is_reached: Whether that is what was undertaken; none where nothing can be told yet.
    """

    season: int
    period: Period
    is_over: bool
    joined: int | None
    told_until: date | None
    counted_mg: int
    against_mg: int
    stamps: list[Stamp]
    is_reached: bool | None


def pledges_of(journal: Journal) -> dict[PledgeId, Pledge]:
    """All pledges by name, in the order in which they were made."""
    return pledges_in(journal.read(kinds=_PLEDGE_KINDS))


def known_pledge(journal: Journal, name: str) -> Pledge:
    """One pledge.

    Raises:
        PledgeUnknown: If there is none of that name.
    """
    found = pledges_of(journal).get(PledgeId(name))
    if found is None:
        raise PledgeUnknown(pledge=name)
    return found


def gather(
    journal: Journal, pledges: Collection[Pledge], known: Gathered | None = None
) -> Gathered:
    """What those who ever joined some pledges discarded; goes on from what was known before.

    Args:
        journal: The record.
        pledges: All pledges, as of now.
        known: What was gathered before, which is left as it is.
    """
    known = known or Gathered()
    pledged = {who for pledge in pledges for season in pledge.seasons for who in season.words}
    if not pledged:
        return known
    # Whatever counts was discarded, and so recorded, after somebody had joined.
    seq = known.seq or min(pledge.seq for pledge in pledges)
    by_key = dict(known.by_key)
    keys = {one.entry: key for key, one in by_key.items()}
    for entry in journal.read(after=seq, kinds=_LOT_KINDS):
        seq, body, key = entry.seq, entry.body, entry.idempotency_key
        if isinstance(body, EventReversed):
            by_key.pop(keys.pop(body.entry, ""), None)
        elif body.owner in pledged:
            keys[entry.id] = key
            by_key[key] = Discarded(
                entry=entry.id,
                who=body.owner,
                material=body.material,
                mass_mg=body.mass_mg,
                stamp=body.stamp,
                occurred_at=entry.occurred_at,
            )
        else:  # A correction may say that it is somebody else's.
            by_key.pop(key, None)
    return Gathered(seq=seq, by_key=by_key)


def progress(
    pledge: Pledge,
    season: Season,
    gathered: Gathered,
    people: People,
    *,
    at: Instant,
    zone: ZoneInfo,
) -> Progress:
    """How a season of a pledge is kept so far.

    Args:
        pledge: The pledge.
        season: One of its seasons.
        gathered: What those who joined discarded.
        people: Everybody, as the record has them.
        at: Now, by the city's clock; only weeks that are past are told.
        zone: The city's timezone.
    """
    made, told, today = pledge.made, _Told(), day_of(epoch_ms(at), zone)
    waiting = list(_counting(made, season, gathered, zone))
    for first, last in _weeks(season.period, today):
        told.add([one for day, one in waiting if first <= day <= last], made, people, at)
        told.tell_if_open(last)
    is_reached = None if told.until is None else _is_reached(made, told.counted_mg, told.against_mg)
    households = _households(season.joined, people, at)
    few = 0 < len(households) < FEWEST_HOUSEHOLDS
    return Progress(
        season=season.number,
        period=season.period,
        is_over=today > season.period.last,
        joined=None if few else len(season.joined),
        told_until=told.until,
        counted_mg=told.counted_mg,
        against_mg=told.against_mg,
        stamps=[stamp for stamp in STAMPS if stamp in told.stamps],
        is_reached=is_reached,
    )


class _Told:
    """What is told so far, and what waits until it may be told."""

    def __init__(self) -> None:
        self.until: date | None = None
        self.counted_mg = self.against_mg = 0
        self.stamps: set[Stamp] = set()
        self._waiting_stamps: set[Stamp] = set()
        self._counted, self._against = Cell(0), Cell(0)

    def add(self, some: Sequence[Discarded], made: PledgeMade, people: People, at: Instant) -> None:
        """Add what was discarded in a week to what waits."""
        self._waiting_stamps |= {one.stamp for one in some}
        for_it = [one for one in some if one.material in made.counted]
        against = [one for one in some if one.material in made.against]
        self._counted = _more(self._counted, for_it, people, at)
        self._against = _more(self._against, against, people, at)

    def tell_if_open(self, last: date) -> None:
        """Tell what waits, if both figures may be shown."""
        waits = self._counted.units or self._against.units
        if not (waits and self._counted.is_open and self._against.is_open):
            return
        self.until = last
        self.counted_mg += self._counted.units
        self.against_mg += self._against.units
        self.stamps |= self._waiting_stamps
        self._waiting_stamps = set()
        self._counted, self._against = Cell(0), Cell(0)


def _more(cell: Cell, some: Sequence[Discarded], people: People, at: Instant) -> Cell:
    units = cell.units + sum(one.mass_mg for one in some)
    return Cell(units, cell.households | _households([one.who for one in some], people, at))


def _households(agents: Collection[AgentId], people: People, at: Instant) -> frozenset[AgentId]:
    """The households behind some agents: people of one household are one."""
    found = set[AgentId]()
    for who in agents:
        if people.is_private(who):
            groups = people.groups_of(who, on=at)
            homes = [one for one in groups if people.agents.get(one) == "household"]
            found.add(min(homes, default=who))
    return frozenset(found)


def _counting(
    made: PledgeMade, season: Season, gathered: Gathered, zone: ZoneInfo
) -> Iterator[tuple[date, Discarded]]:
    """What counts in a season, with its day."""
    materials = {*made.counted, *made.against}
    for one in gathered.by_key.values():
        words = season.words.get(one.who, [])
        if one.material in materials and any(word.counts_at(one.occurred_at) for word in words):
            yield day_of(epoch_ms(one.occurred_at), zone), one


def _weeks(period: Period, today: date) -> Iterator[tuple[date, date]]:
    """The weeks of a period that are past, from its first day; its last one may be shorter."""
    first = period.first
    while first <= period.last:
        last = min(first + _WEEK - timedelta(days=1), period.last)
        if last >= today:
            return
        yield first, last
        first += _WEEK


def _is_reached(made: PledgeMade, counted_mg: int, against_mg: int) -> bool:
    if made.share_per_mille is not None:
        return 1000 * counted_mg >= made.share_per_mille * (counted_mg + against_mg)
    return counted_mg - against_mg >= (made.more_mg or 0)
