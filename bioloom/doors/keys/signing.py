"""Signing: heads of a city's record, proofs under them, and the keys that do it."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from bioloom.doors.compose import City, now
from bioloom.doors.keys.keeping import KeyFolder, new_key
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import THE_CITY, may
from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.heads import (
    HeadSigned,
    NoEntries,
    SigningKey,
    head_text,
    origin_of,
    sign_head,
)
from bioloom.ledger.proofs.keyring import (
    KEY_KINDS,
    Keyring,
    declare_key,
    rotate_key,
    withdraw_key,
)
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import (
    LOG_KEY,
    Head,
    PublicKey,
    read_head,
    read_key,
    signature_by,
)
from bioloom.ledger.proofs.proving import EntryMissing, Forked, HeadAhead, Proof, prove
from bioloom.ledger.proofs.tree import Tree
from bioloom.ledger.proofs.witnessing import witness
from bioloom.ledger.record.chain import seq_in_id
from bioloom.ledger.stores.protocol import EntryRow, StoreFailed
from bioloom.ledger.stores.tiles import TileFiles
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.proofs import HeadWitnessed
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

MayRead = Callable[[Entry[Any]], bool]


class HeadUnreadable(Refusal):
    """A text that should be a head is none."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The head cannot be read. {found}",
            why="Only a head that was signed can be compared with the record.",
            remedy="Name a file that `bioloom head --out` wrote, or the page of the record gave.",
        )


class EntryPrivate(Refusal):
    """A proof was asked for, of an entry that whoever asks may not read."""

    def __init__(self, *, seq: int) -> None:
        self.seq = seq
        super().__init__(
            what=f"Entry {seq} is not yours to read.",
            why="It speaks of somebody's own things, and a proof shows its whole text.",
            remedy="Sign in as the one it is about, or ask them for the proof.",
        )


def parsed_head(note: str) -> Head:
    """A head from its text.

    Raises:
        HeadUnreadable: If it is none.
    """
    try:
        return read_head(note)
    except NotProven as unreadable:
        raise HeadUnreadable(found=str(unreadable)) from unreadable


class Signer:
    """A city's record seen as a tree, and the keys that sign its heads."""

    def __init__(self, city: City) -> None:
        self._city, self._store = city, city.journal.store
        self._keys = KeyFolder(city.folder / "keys")
        self._tiles = TileFiles(city.folder / "snapshots" / "tree")
        self.tree = Tree(self._entry_hashes, self._tiles)

    def head(self) -> HeadSigned:
        """The head of the record as it is now, signed, and remembered before it is given out.

        Raises:
            NoEntries: If the record has not begun.
            NoKeyInForce: If no key is declared for heads.
            KeyFileMissing: If its private half is not here.
            Forked: If the record does not go on from the newest head signed here.
        """
        with self._keys.signing():
            with self._store.reading():
                last, ring = self._store.last(), self.ring()
                origin = self.origin()
            assert last is not None, "a record with an origin has a last entry"
            key = self._keys.key(ring.newest().public_key)
            self.tree.grow(last.seq)
            kept = self._keys.newest_head()
            if kept is not None:
                head = parsed_head(kept)
                self._see_that_it_goes_on_from(head, last.seq)
                if head.size == last.seq and self._is_signed(head, key.public):
                    return _signed(origin, last, head.root, kept, key)
            root = self.tree.root(last.seq)
            note = sign_head(head_text(origin, last.seq, root), key)
            self._keys.keep_head(note)
            return _signed(origin, last, root, note, key)

    def prove(self, seq: int, *, since: Head | None = None, may_read: MayRead) -> Proof:
        """Prove an entry under the head of now.

        Args:
            seq: Which entry.
            since: An older head that the record goes on from.
            may_read: Whether whoever asks may read an entry.

        Raises:
            EntryMissing: If there is no such entry.
            EntryPrivate: If whoever asks may not read it.
            HeadAhead: If the older head is not older, or of another record.
            Forked: If the record does not go on from it.
            Refusal: Whatever `head` raises.
        """
        entry = self._city.journal.at([seq]).get(seq)
        if entry is None:
            raise EntryMissing(entry=str(seq))
        if not may_read(entry):
            raise EntryPrivate(seq=seq)
        head, ring = self.head(), self.ring()
        made = prove(self._store, self.tree, seq, head=head, ring=ring, since=since)
        if not _holds(made, head):
            # Only the snapshot can be wrong: it is no part of the record, and is made again.
            self._remake()
            made = prove(self._store, self.tree, seq, head=head, ring=ring, since=since)
            assert _holds(made, head), "a proof from the entries themselves must hold"
        return made

    def past(self, size: int, head: HeadSigned) -> Head:
        """What the head was when the record had so many entries, as the record has them now.

        Raises:
            HeadAhead: If it never had so many.
        """
        if size > head.seq:
            raise HeadAhead(origin=head.origin, size=size)
        text = head_text(head.origin, size, root := self.tree.root(size))
        return Head(head.origin, size, root, note="", text=text, signatures=())

    def witness(self, note: str, key: PublicKey, *, author: AgentId) -> HeadWitnessed:
        """Record that a witness holds a head of this record.

        Raises:
            NotPermitted: If the author may not.
            HeadUnreadable: If it is no head.
            NotWitnessed: If the witness did not sign it, or it is of another history.
        """
        last, at = self._store.last(), self._permitted(author)
        size = 0 if last is None else last.seq
        draft = witness(
            parsed_head(note),
            key,
            origin=self.origin(),
            root_at=lambda wanted: self.tree.root(wanted) if wanted <= size else None,
            author=author,
            at=at,
        )
        self._city.journal.record([draft], recorded_at=at)
        return draft.body

    def make_key(self, *, author: AgentId) -> PublicKey:
        """Make the city's first key for heads, or the first after the last was withdrawn.

        Raises:
            NotPermitted: If the author may not.
            KeyInForce: If there is one.
        """
        at, agent = self._permitted(author), self._city.settings.steward
        key = new_key(self.origin(), LOG_KEY)
        draft = declare_key(self.ring(), key.public.key, agent=agent, author=author, at=at)
        self._keys.keep(key)  # Before it counts: a key in force must not be lost.
        self._city.journal.record([draft], recorded_at=at)
        return key.public

    def rotate_key(self, *, author: AgentId) -> PublicKey:
        """Replace the key in force by a new one, which the old one signs. The old one is deleted.

        Raises:
            NotPermitted: If the author may not.
            NoKeyInForce: If there is none.
            KeyFileMissing: If its private half is not here.
        """
        ring, at = self.ring(), self._permitted(author)
        old = self._keys.key(ring.newest().public_key)
        key = new_key(self.origin(), LOG_KEY)
        drafts = rotate_key(ring, key.public.key, old=old, author=author, at=at)
        self._keys.keep(key)
        self._city.journal.record(drafts, recorded_at=at)
        self._keys.forget(old.public.key.hex())
        return key.public

    def withdraw_key(self, reason: Literal["lost", "stolen"], *, author: AgentId) -> str:
        """End the key in force without another; its public half.

        Raises:
            NotPermitted: If the author may not.
            NoKeyInForce: If there is none.
        """
        at = self._permitted(author)
        draft = withdraw_key(self.ring(), reason=reason, author=author, at=at)
        self._city.journal.record([draft], recorded_at=at)
        self._keys.forget(draft.body.public_key)
        return draft.body.public_key

    def ring(self) -> Keyring:
        """The keys for heads that the record declares."""
        ring = Keyring()
        for entry in self._city.journal.read(kinds=KEY_KINDS):
            ring.fold(entry)
        return ring

    def origin(self) -> str:
        """What names this record in its heads.

        Raises:
            NoEntries: If it has not begun.
        """
        first = self._store.rows_at([1]).get(1)
        if first is None:
            raise NoEntries
        return origin_of(first)

    def newest_head(self) -> str | None:
        """The newest head that was signed here, if any."""
        return self._keys.newest_head()

    def _permitted(self, author: AgentId) -> Instant:
        """Now, if an agent may answer for the city's keys and heads."""
        at = now()
        may(author, "declare_city_key", THE_CITY, people_of(self._city.journal), at=at)
        return at

    def _entry_hashes(self, start: int, end: int) -> list[bytes]:
        found = [row.hash for row in self._store.rows(after=start, before=end + 1)]
        if len(found) != end - start:
            raise StoreFailed(found=f"entries are missing between {start + 1} and {end}")
        return found

    def _see_that_it_goes_on_from(self, head: Head, size: int) -> None:
        if head.size <= size and self.tree.root(head.size) != head.root:
            self._remake()
        if head.size > size or self.tree.root(head.size) != head.root:
            raise Forked(size=head.size)

    def _remake(self) -> None:
        last = self._store.last()
        self._tiles.clear()
        self.tree.grow(0 if last is None else last.seq)

    @staticmethod
    def _is_signed(head: Head, key: PublicKey) -> bool:
        try:
            return signature_by(head, key) is not None
        except NotProven:
            return False


def seq_of(city: City, entry: str) -> int:
    """The number of an entry that is named by its number or its id.

    Raises:
        EntryMissing: If it is neither.
    """
    if entry.isascii() and entry.isdigit() and len(entry) < 19:
        return int(entry)
    seq = seq_in_id(entry)
    if seq is None or city.journal.by_id(entry) is None:
        raise EntryMissing(entry=entry)
    return seq


def _signed(origin: str, last: EntryRow, root: bytes, note: str, key: SigningKey) -> HeadSigned:
    return HeadSigned(
        origin=origin,
        seq=last.seq,
        hash=last.hash.hex(),
        root=root.hex(),
        note=note,
        key=str(key.public),
    )


def _holds(proof: Proof, head: HeadSigned) -> bool:
    try:
        check(msgspec.json.encode(proof).decode(), read_key(head.key))
    except NotProven:
        return False
    return True
