"""Proving: the file by which anybody can check that an entry is in the record, text and all."""

import msgspec

from bioloom.ledger.proofs.checking import FORMAT
from bioloom.ledger.proofs.heads import HeadSigned
from bioloom.ledger.proofs.keyring import Keyring
from bioloom.ledger.proofs.notes import Head
from bioloom.ledger.proofs.tree import Tree
from bioloom.ledger.record.chain import GENESIS
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.refusal import Refusal


class EntryMissing(Refusal):
    """A proof was asked for, of an entry that the record does not have."""

    def __init__(self, *, entry: str) -> None:
        self.entry = entry
        super().__init__(
            what=f"The record has no entry '{entry[:80]}'.",
            why="Only what is in the record can be proven to be in it.",
            remedy="Name an entry by its number or its id, as the page of the record shows them.",
        )


class HeadAhead(Refusal):
    """A head is newer than the record, or of another record."""

    def __init__(self, *, origin: str, size: int) -> None:
        self.origin, self.size = origin, size
        super().__init__(
            what=f"The head is of {size} entries of '{origin}', which this record does not have.",
            why="A record can only be proven to go on from its own past.",
            remedy="See which of the two is right with `bioloom verify DIR --head HEADFILE`.",
        )


class Forked(Refusal):
    """A head is not of this record's past, though it says so."""

    def __init__(self, *, size: int) -> None:
        self.size = size
        super().__init__(
            what=f"The record does not go on from that head of {size} entries: it was forked.",
            why="One of the two was changed, or two people were shown two histories.",
            remedy="Keep that head: it is the proof. See `bioloom verify DIR --head HEADFILE`, and "
            "restore the record from a backup that holds.",
        )


class KeyLink(msgspec.Struct, frozen=True, kw_only=True):
    """One key names the key that follows it, and signs that."""

    agent: str
    follows: str
    public_key: str
    signature: str


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """An older head that the record goes on from."""

    size: int
    root: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What `bioloom check` needs, besides a public key. All hashes are in hexadecimal."""

    format: str
    # The entry: its number, the hash of the entry before it, and its canonical text.
    seq: int
    previous: str
    text: str
    # From the entry up to the root of the head.
    inclusion: list[str]
    # From an older head to this one.
    since: Since | None
    consistency: list[str]
    # The signed head, and how the key that signed it follows from earlier ones.
    head: str
    keys: list[KeyLink]


def prove(
    store: Store,
    tree: Tree,
    seq: int,
    *,
    head: HeadSigned,
    ring: Keyring,
    since: Head | None = None,
) -> Proof:
    """Prove an entry under a signed head.

    Args:
        store: Where the record is kept.
        tree: The tree over it.
        seq: Which entry.
        head: The head to prove it under.
        ring: The record's keys for heads.
        since: An older head; the proof then also shows that the record goes on from it.

    Raises:
        EntryMissing: If the head does not have that entry.
        HeadAhead: If the older head is not older, or of another record.
        Forked: If the record does not go on from it.
    """
    rows = store.rows_at([seq - 1, seq])
    if seq not in rows or seq > head.seq:
        raise EntryMissing(entry=str(seq))
    if since is not None and (since.size > head.seq or since.origin != head.origin):
        raise HeadAhead(origin=since.origin, size=since.size)
    if since is not None and tree.root(since.size) != since.root:
        raise Forked(size=since.size)
    row = rows[seq]
    return Proof(
        format=FORMAT,
        seq=seq,
        previous=(rows[seq - 1].hash if seq > 1 else GENESIS).hex(),
        text=row.text.decode(),
        inclusion=_hexes(tree.inclusion(seq - 1, head.seq)),
        since=None if since is None else Since(size=since.size, root=since.root.hex()),
        consistency=[] if since is None else _hexes(tree.consistency(since.size, head.seq)),
        head=head.note,
        keys=_links(ring),
    )


def _links(ring: Keyring) -> list[KeyLink]:
    return [
        KeyLink(
            agent=span.declared.agent,
            follows=span.declared.follows,
            public_key=key,
            signature=span.declared.signature,
        )
        for key, span in ring.spans.items()
        if span.declared.follows is not None and span.declared.signature is not None
    ]


def _hexes(hashes: list[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
