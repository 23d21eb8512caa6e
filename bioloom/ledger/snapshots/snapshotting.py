"""Snapshotting: a fold's state as of the record's end, from where a snapshot left off."""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec

from bioloom.ledger.record.journal import Journal
from bioloom.ledger.stores.shelf import Shelf

S = TypeVar("S")
Made = TypeVar("Made")

# A state that went on by so many entries is worth keeping: to fold them takes a second or so.
WORTH_KEEPING = 50_000
# At the end less is enough, as there will be time to read it before it is asked for.
WORTH_KEEPING_AT_LAST = 1_000


class Fold(Protocol[S]):
    """A way of folding entries into a state.

    Attributes:
        name: What it is called on the shelf.
        version: Changes whenever the same entries would give another state.
        shape: The type of its states, which msgspec can write and read.
    """

    name: str
    version: str
    shape: type[S]

    def begin(self) -> S:
        """The state before the first entry."""

    def go_on(self, state: S, journal: Journal, *, after: int, until: int) -> S:
        """The state with the entries `after < seq <= until`, of which the last is the newest.

        The given state stays as it is: others may be reading it.
        """


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """A state on the shelf: of which fold, and as of which entry."""

    fold: str
    version: str
    seq: int
    hash: bytes
    state: msgspec.Raw


class _Standing(msgspec.Struct, frozen=True):
    """A state in memory, as of which entry, and the newest entry of the one on the shelf."""

    fold: Fold[Any]
    seq: int
    hash: bytes
    state: Any
    kept_seq: int


class Snapshots:
    """The states of any number of folds. Any number of threads may ask."""

    def __init__(self, journal: Journal, shelf: Shelf) -> None:
        self._journal, self._shelf = journal, shelf
        self._standing: dict[str, _Standing] = {}
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        # What was made of which state.
        self._indexes: dict[str, tuple[object, Any]] = {}

    def state(self, fold: Fold[S]) -> S:
        """A fold's state as of the record's end; see `state_at`."""
        return self.state_at(fold)[0]

    def state_at(self, fold: Fold[S]) -> tuple[S, int]:
        """A fold's state as of the record's end, which nobody may change, and that end's number.

        The first time it goes on from the snapshot, or folds from the first entry where there is
        none that is of this record and this version; afterwards only what is new is folded.
        """
        with self._turns[fold.name]:
            standing = self._standing.get(fold.name) or self._taken(fold)
            with self._journal.store.reading():
                last = self._journal.store.last()
                seq, hashed = (0, b"") if last is None else (last.seq, last.hash)
                if seq > standing.seq:
                    gone_on = fold.go_on(
                        standing.state, self._journal, after=standing.seq, until=seq
                    )
                    standing = _Standing(fold, seq, hashed, gone_on, standing.kept_seq)
            self._standing[fold.name] = standing
            if standing.seq - standing.kept_seq >= WORTH_KEEPING:
                self._keep(standing)
            state: S = standing.state
            return state, standing.seq

    def index(self, fold: Fold[S], make: Callable[[S], Made]) -> Made:
        """What `make` gives of a fold's state as of the record's end; made once for a state.

        Of a fold that returns the very state it was given where nothing new concerns it, the index
        stands as long as nothing does.
        """
        state = self.state(fold)
        made = self._indexes.get(fold.name)
        if made is None or made[0] is not state:
            made = self._indexes[fold.name] = (state, make(state))
        index: Made = made[1]
        return index

    def recount(self, fold: Fold[S]) -> bool:
        """Fold from the first entry and keep that; whether it is what was kept before."""
        before = self.state(fold)
        with self._turns[fold.name]:
            standing = self._standing[fold.name]
            with self._journal.store.reading():
                anew = fold.go_on(fold.begin(), self._journal, after=0, until=standing.seq)
            self._standing[fold.name] = msgspec.structs.replace(standing, state=anew)
            self._keep(self._standing[fold.name])
        return anew == before

    def keep(self, fold: Fold[S]) -> None:
        """Put a fold's state as of the record's end on the shelf."""
        self.state(fold)
        with self._turns[fold.name]:
            self._keep(self._standing[fold.name])

    def close(self) -> None:
        """Put on the shelf what went on by much since it was."""
        for standing in list(self._standing.values()):
            if standing.seq - standing.kept_seq >= WORTH_KEEPING_AT_LAST:
                self._keep(standing)

    def _keep(self, standing: _Standing) -> None:
        fold = standing.fold
        state = msgspec.Raw(msgspec.msgpack.encode(standing.state))
        kept = Snapshot(fold.name, fold.version, standing.seq, standing.hash, state)
        self._shelf.put(fold.name, msgspec.msgpack.encode(kept))
        self._standing[fold.name] = msgspec.structs.replace(standing, kept_seq=standing.seq)

    def _taken(self, fold: Fold[S]) -> _Standing:
        """The state on the shelf, if it is one of this fold and of this very record."""
        nothing = _Standing(fold, 0, b"", fold.begin(), 0)
        kept = self._shelf.take(fold.name)
        if kept is None:
            return nothing
        try:
            snapshot = msgspec.msgpack.decode(kept, type=Snapshot)
            if (snapshot.fold, snapshot.version) != (fold.name, fold.version):
                return nothing
            row = self._journal.store.rows_at([snapshot.seq]).get(snapshot.seq)
            if row is None or row.hash != snapshot.hash:
                return nothing
            state = msgspec.msgpack.decode(snapshot.state, type=fold.shape)
        except msgspec.DecodeError:
            return nothing
        return _Standing(fold, snapshot.seq, snapshot.hash, state, snapshot.seq)
