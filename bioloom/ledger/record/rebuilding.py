"""Rebuilding: a journal of an older layout, or a damaged one, made anew from its entries."""

from collections.abc import Callable
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import msgspec

from bioloom.ledger.record.deriving import Deriving
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.alone import AloneJournal, alone, held_in
from bioloom.ledger.stores.protocol import LAYOUT, StoreFailed
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
    """A journal that was made anew, and where its old file is."""

    entries: int
    hash: str
    layout_before: int
    # Lots whose balances are others now; none in an older journal that is brought up to date.
    lots_mended: int
    kept: str


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
        EntriesBroken: If the entries are not as they were recorded.
        BalancesDiffer: If balances would change, and should not.
        RebuiltWrong: If the new journal does not hold.
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
        store = SqliteStore(made)
        try:
            deriving = _fill(store, old, told)
            mended = _lots_differing(old, made)
            if mended and not mend:
                raise BalancesDiffer(lots=mended)
            verdict = verify(store)
            if not verdict.holds:
                raise RebuiltWrong(first=verdict.problems[0].what)
        finally:
            store.close()
        kept = old.replace_by(made)
        return Rebuilt(
            entries=deriving.seq,
            hash=deriving.hash.hex(),
            layout_before=old.layout,
            lots_mended=mended,
            kept=str(kept),
        )


def _clear_up(beside: Path) -> None:
    """Remove what a rebuilding that was killed has left; nobody else rebuilds now."""
    for left in beside.parent.glob(f"{_BESIDE}*"):
        if left != beside:
            rmtree(left)


def _fill(store: SqliteStore, old: AloneJournal, told: Callable[[int], None]) -> Deriving:
    deriving, rows = Deriving(store), old.rows()
    while some := list(islice(rows, _TOGETHER)):
        with store.writing():
            store.write(deriving.derive(some))
        told(deriving.seq)
    return deriving


def _lots_differing(old: AloneJournal, made: Path) -> int:
    """How many lots have other balances than before; at least one if those cannot be read."""
    differing = 0
    by_lot = itemgetter(0)
    try:
        for _, pair in groupby(merge(old.held(), held_in(made), key=by_lot), key=by_lot):
            before, *after = pair
            differing += after != [before]
    except StoreFailed:
        return differing + 1
    return differing
