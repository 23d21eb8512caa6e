"""Auditing: the record against every head that somebody holds of it, and against its keys."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bioloom.ledger.proofs.heads import origin_of
from bioloom.ledger.proofs.keyring import KEY_KINDS, Keyring
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import Head, read_head, signature_by
from bioloom.ledger.proofs.tree import Frontier
from bioloom.ledger.proofs.witnessing import is_witnessed
from bioloom.ledger.record.verifying import Problem
from bioloom.ledger.stores.protocol import Store, StoreFailed
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.proofs import HeadWitnessed
from bioloom.vocabulary.entries.registry import EntryUnreadable, KindUnknown, read_entry


def audit(store: Store, held: Mapping[str, str]) -> list[Problem]:
    """Find where a record contradicts a head: one that is held, or one that a witness signed.

    The root of every head is computed from the first entry on, and from nothing that is kept beside
    the entries. That the entries' hashes are those of their texts is for `verify` to say.

    Args:
        store: Where the record is kept.
        held: Heads that somebody was given, by what to call them.

    Returns:
        What was found; nothing if the record goes on from all of them.
    """
    audit = _Audit(store)
    try:
        with store.reading():
            audit.run(held)
    except StoreFailed as failed:
        audit.problem(None, f"its heads cannot be checked. {failed.what}")
    return audit.problems


class _Audit:
    """One walk: first the entries that speak of keys and heads, then the hashes of all."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ring = Keyring()
        self._witnessed: list[tuple[int, HeadWitnessed]] = []
        self._roots: dict[int, bytes] = {}
        self.problems: list[Problem] = []

    def run(self, held: Mapping[str, str]) -> None:
        """Walk to the newest head there is, and compare them all."""
        for row in self._store.rows(kinds=[*KEY_KINDS, HeadWitnessed.__name__]):
            with suppress(EntryUnreadable, KindUnknown):  # `verify` names it.
                self._read(read_entry(row.text, row.kind))
        for seq, fault in self._ring.amiss:
            self.problem(seq, f"{fault}, so it signs nothing")
        heads = self._readable(held)
        self._find_roots({head.size for head in heads.values()})
        origin = self._origin()
        for seq, body in self._witnessed:
            self._check_witnessed(seq, body, origin)
        for name, head in heads.items():
            self._check_held(name, head, origin)

    def problem(self, seq: int | None, what: str) -> None:
        """Note something that is not as it should be."""
        where = "the record" if seq is None else f"entry {seq}"
        self.problems.append(Problem(seq=seq, what=f"{where}: {what}"))

    def _read(self, entry: Entry[Any]) -> None:
        self._ring.fold(entry)
        if isinstance(entry.body, HeadWitnessed):
            self._witnessed.append((entry.seq, entry.body))

    def _readable(self, held: Mapping[str, str]) -> dict[str, Head]:
        heads = {}
        for name, note in held.items():
            try:
                heads[name] = read_head(note)
            except NotProven as unreadable:
                self.problem(None, f"it cannot be compared with {name}. {unreadable}")
        return heads

    def _find_roots(self, sizes: set[int]) -> None:
        """The roots at all sizes of which there is a head."""
        sizes = sizes | {body.size for _, body in self._witnessed}
        if not sizes:
            return
        frontier = Frontier()
        self._roots[0] = frontier.root()
        for row in self._store.rows(before=max(sizes) + 1):
            frontier.add(row.hash)
            if frontier.size in sizes:
                self._roots[frontier.size] = frontier.root()

    def _origin(self) -> str:
        first = self._store.rows_at([1]).get(1)
        if first is None:
            return ""
        with suppress(EntryUnreadable, KindUnknown):  # `verify` names it.
            return origin_of(first)
        return ""

    def _check_witnessed(self, seq: int, body: HeadWitnessed, origin: str) -> None:
        if not is_witnessed(body, origin):
            self.problem(seq, f"the signature of the witness '{body.witness}' is forged")
        elif (found := self._contradiction(body.size, bytes.fromhex(body.root))) is not None:
            self.problem(seq, f"the witness '{body.witness}' signed another history: {found}")

    def _check_held(self, name: str, head: Head, origin: str) -> None:
        if head.origin != origin:
            self.problem(None, f"{name} is a head of '{head.origin}', not of '{origin}'")
            return
        found = self._contradiction(head.size, head.root)
        if found is not None:
            self.problem(None, f"it does not go on from {name}: {found}")
        try:
            keys = self._ring.public_keys(origin, head.size)
            if not any(signature_by(head, key) for key in keys):
                self.problem(None, f"{name} is not signed by a key in force at entry {head.size}")
        except NotProven as forged:
            self.problem(None, f"{name}: {forged}")

    def _contradiction(self, size: int, root: bytes) -> str | None:
        if size not in self._roots:
            return f"that head has {size} entries, and the record is shorter"
        if self._roots[size] != root:
            return f"its first {size} entries are others than those of that head (it was forked)"
        return None
