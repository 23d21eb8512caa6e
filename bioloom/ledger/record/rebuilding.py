"""Rebuilding: a journal of an older layout, or a damaged one, made anew from its entries."""

from collections.abc import Callable, Iterator
from contextlib import closing
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Protocol

import msgspec

from bioloom.ledger.record.deriving import Deriving
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.alone import AloneJournal, LotHeld, alone, held_in
from bioloom.ledger.stores.protocol import LAYOUT, EntryRow, Store, StoreFailed
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.refusal import Refusal

_TOGETHER = 5_000
_BESIDE = ".rebuilding-"


class BalancesDiffer(Refusal):
    """What follows from the entries is not what the journal had beside them."""

    def __init__(self, *, lots: int) -> None:
        self.lots = lots
        super().__init__(
            what=f"By the entries, {lots} lots have other balances than the journal says.",
            why="An older journal is brought up to date only if nothing changes by it.",
            remedy="Look into it with the Bioloom that wrote it, or mend it: `bioloom rebuild`.",
        )


class RebuiltWrong(Refusal):
    """The journal that was made from the entries does not hold."""

    def __init__(self, *, first: str) -> None:
        self.first = first
        super().__init__(
            what=f"A journal made anew from the entries would not hold: {first}.",
            why="The journal that is there stays as it is.",
            remedy="Restore the city from a backup.",
        )


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A journal that was made anew, and where its old one is."""

    entries: int
    hash: str
    layout_before: int
    # Lots whose balances are others now; none in an older journal that is brought up to date.
    lots_mended: int
    # A file, or a schema of the same database.
    kept: str


class Replaceable(Protocol):
    """A journal to which nobody else writes, and an empty one beside it that can take its place."""

    layout: int

    @property
    def made(self) -> Store:
        """The one beside."""

    def rows(self) -> Iterator[EntryRow]:
        """Every entry in order; their table is the same in every layout."""

    def held(self) -> Iterator[LotHeld]:
        """What agents have by the journal, lot by lot; balances of nothing are left out."""

    def held_anew(self) -> Iterator[LotHeld]:
        """What agents have by the one beside."""

    def replace(self) -> str:
        """Close the one beside and put it in place, at one moment; where the old one is now."""


def rebuild(
    path: Path, *, mend: bool, told: Callable[[int], None] = lambda _: None
) -> Rebuilt | None:
    """Make all anew that follows from a journal's entries, in a new file; compare; replace.

    The new file is verified from zero before it takes the old one's place, at one moment; until
    then nothing of the old one is changed. Killed at any time, it can be done again.

    Args:
        path: The journal's file, which nobody else may have open.
        mend: Whether balances may become others than the journal says, and a journal of today's
            layout be made anew too.
        told: Called now and then with the number of entries done.

    Returns:
        What was done; none where there was nothing to do.

    Raises:
        JournalInUse: If somebody has it open.
        JournalNewer: If a newer Bioloom wrote it.
        EntriesBroken, BalancesDiffer, RebuiltWrong: See `make_anew`.
        StoreFailed: If the old file cannot be read, or the disk is full.
    """
    with (
        alone(path, known=LAYOUT) as old,
        TemporaryDirectory(prefix=_BESIDE, dir=path.parent) as beside,
    ):
        _clear_up(Path(beside))
        if old.layout == LAYOUT and not mend:
            return None  # Somebody was faster.
        made = Path(beside) / path.name
        with closing(SqliteStore(made)) as store:
            return make_anew(_FileBeside(old, store, made), mend=mend, told=told)


def make_anew(old: Replaceable, *, mend: bool, told: Callable[[int], None]) -> Rebuilt:
    """Fill the journal beside from a journal's entries, compare, verify, and replace.

    Args:
        old: The journal.
        mend: Whether balances may become others than the journal says.
        told: Called now and then with the number of entries done.

    Raises:
        EntriesBroken: If the entries are not as they were recorded.
        BalancesDiffer: If balances would change, and should not.
        RebuiltWrong: If the new journal does not hold.
        StoreFailed: If a store fails.
    """
    deriving = fill(old.made, old.rows(), told)
    mended = _lots_differing(old)
    if mended and not mend:
        raise BalancesDiffer(lots=mended)
    verdict = verify(old.made)
    if not verdict.holds:
        raise RebuiltWrong(first=verdict.problems[0].what)
    return Rebuilt(
        entries=deriving.seq,
        hash=deriving.hash.hex(),
        layout_before=old.layout,
        lots_mended=mended,
        kept=old.replace(),
    )


def fill(store: Store, rows: Iterator[EntryRow], told: Callable[[int], None]) -> Deriving:
    """Fill an empty store from a record's entries, from the first, with all that follows from them.

    Raises:
        EntriesBroken: If the entries are not as they were recorded.
        StoreFailed: If a store fails.
    """
    deriving = Deriving(store)
    while some := list(islice(rows, _TOGETHER)):
        with store.writing():
            store.write(deriving.derive(some))
        told(deriving.seq)
    return deriving


class _FileBeside:
    """A journal's file that nobody else has open, and one beside it."""

    def __init__(self, old: AloneJournal, store: SqliteStore, path: Path) -> None:
        self._old, self._path = old, path
        self.layout, self.made = old.layout, store
        self.rows, self.held = old.rows, old.held

    def held_anew(self) -> Iterator[LotHeld]:
        """See `Replaceable.held_anew`."""
        return held_in(self._path)

    def replace(self) -> str:
        """See `Replaceable.replace`."""
        self.made.close()
        return str(self._old.replace_by(self._path))


def _clear_up(beside: Path) -> None:
    """Remove what a rebuilding that was killed has left; nobody else rebuilds now."""
    for left in beside.parent.glob(f"{_BESIDE}*"):
        if left != beside:
            rmtree(left)


def _lots_differing(old: Replaceable) -> int:
    """How many lots have other balances than before; at least one if those cannot be read."""
    differing = 0
    by_lot = itemgetter(0)
    try:
        for _, pair in groupby(merge(old.held(), old.held_anew(), key=by_lot), key=by_lot):
            before, *after = pair
            differing += after != [before]
    except StoreFailed:
        return differing + 1
    return differing
