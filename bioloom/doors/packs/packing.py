"""Packing: what a city gives others to take over, and taking it over from a pack."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from bioloom.doors.capturing.hands import Hands
from bioloom.doors.compose import City, now
from bioloom.doors.findings import conflict_of, finding_of
from bioloom.doors.keys.signing import Signer
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.covenants.standing import covenants_of
from bioloom.ledger.formats.packs import (
    FORMAT,
    PACKED,
    Pack,
    PackItem,
    body_of,
    item_of,
    read_pack,
    write_pack,
)
from bioloom.ledger.formats.rows import Rejected
from bioloom.ledger.record.outcomes import Conflict, Refused
from bioloom.vocabulary.entries.codes import CodeEnacted
from bioloom.vocabulary.entries.covenants import CovenantEnacted, CovenantId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.packs import CodeDrafted, CovenantDrafted, PackAdopted, PackOrigin
from bioloom.vocabulary.entries.recipes import RecipePublished
from bioloom.vocabulary.periods import epoch_ms
from bioloom.vocabulary.refusal import Refusal


def pack_of(city: City) -> bytes:
    """A city's materials, kinds of process, recipes with their proofs, covenants, Codes as drafts.

    A covenant or Code is given on while it is in force, but no Code of an emergency; a draft that
    was taken over, until one with its words is enacted here.

    Raises:
        Refusal: Whatever signing a head raises, where it has recipes of its own to prove.
    """
    signer = Signer(city)
    bound, codes = _in_force(city), codes_of(city.journal)
    ruling = {
        one.seq: one.terms.rationale
        for one in codes.in_force(city.today())
        if not one.terms.emergency
    }
    entries = [
        entry
        for entry in city.journal.standing()
        if _is_given(entry, bound) and _is_ruling(entry, ruling)
    ]
    order = [*PACKED, CovenantEnacted.__name__, CodeEnacted.__name__]
    entries.sort(key=lambda entry: (order.index(entry.kind), entry.seq))
    own = any(isinstance(one.body, RecipePublished) and one.body.origin is None for one in entries)
    key = signer.head().key if own else None
    items = tuple(_item(entry, signer) for entry in entries)
    return write_pack(Pack(format=FORMAT, origin=_origin(city), key=key, items=items))


def _origin(city: City) -> PackOrigin:
    head = city.journal.head()
    return PackOrigin(
        city=city.settings.name,
        founded=city.journal.store.rows_at([1])[1].hash.hex(),
        head_seq=head.seq,
        head_hash=head.hash,
    )


def _in_force(city: City) -> dict[CovenantId, str]:
    """The covenants in force, by name, with the hashes of their words."""
    known, at_ms = covenants_of(city.journal.store).by_id, epoch_ms(now())
    return {name: one.terms.text_sha256 for name, one in known.items() if one.binds(at_ms)}


def _is_given(entry: Entry[Any], bound: Mapping[CovenantId, str]) -> bool:
    match entry.body:
        case CovenantEnacted(covenant=name):
            return name in bound
        case CovenantDrafted(text_sha256=words):
            return words not in bound.values()
    return entry.kind in PACKED or isinstance(entry.body, CodeEnacted)


def _is_ruling(entry: Entry[Any], ruling: Mapping[int, str]) -> bool:
    """Whether a Code is in force, or a draft of one not yet; all else is no Code."""
    match entry.body:
        case CodeEnacted():
            return entry.seq in ruling
        case CodeDrafted(rationale=words):
            return words not in ruling.values()
    return True


def _item(entry: Entry[Any], signer: Signer) -> PackItem:
    body = entry.body
    if not isinstance(body, RecipePublished) or body.origin is not None:
        return item_of(entry, None)
    # Recipes are public: whoever asks may read them.
    proof = signer.prove(entry.seq, may_read=lambda _: True)
    return item_of(entry, msgspec.json.encode(proof).decode())


class TakingPack:
    """A pack on its way into a city's record, an item at a time."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._journal, self._report = hands, hands.city.journal, hands.report

    def run(self, text: bytes) -> None:
        """Take over what is new; one item that is refused does not stop the others.

        Raises:
            PackUnreadable, DocumentTooLarge: If it is no pack.
        """
        pack, adopted = read_pack(text), list[str]()
        for number, item in enumerate(pack.items, start=1):
            self._report.rows += 1
            try:
                adopted += self._take(number, item, pack)
            except Refusal as refusal:
                self._report.rejected += 1
                self._report.tell(finding_of(Rejected(number, item.kind, refusal, ())))
        if adopted:
            digest = sha256(text).hexdigest()
            body = PackAdopted(origin=pack.origin, sha256=digest, adopted=tuple(adopted))
            self._record(f"pack:{sha256(msgspec.json.encode(body)).hexdigest()}", body)

    def _take(self, number: int, item: PackItem, pack: Pack) -> list[str]:
        """Take an item over; its key, if it is new or corrected here."""
        key, body = body_of(item, pack)
        changed: list[str] = []
        known = self._journal.current([key]).get(key)
        # A recipe is what it says, whoever published it first here.
        is_same = known is not None and (
            known.body == body or isinstance(known.body, RecipePublished)
        )
        if is_same:
            self._report.same += 1
        elif known is not None and not self._hands.correct:
            self._report.conflicts += 1
            told = conflict_of(
                line=number, column=item.kind, key=key, recorded=known.body, stated=body
            )
            self._report.tell(told)
        else:
            self._record(key, body)
            changed.append(key)
            if known is None:
                self._report.recorded += 1
            else:
                self._report.corrected += 1
        return changed

    def _record(self, key: str, body: msgspec.Struct) -> None:
        if self._hands.dry_run:
            return
        at = self._hands.clock()
        draft = Draft(body=body, occurred_at=at, author=self._hands.author, idempotency_key=key)
        (outcome,) = self._hands.city.commit(self._hands.caused([draft]), correct=True)
        if isinstance(outcome, Refused):
            raise outcome.refusal
        assert not isinstance(outcome, Conflict), "what differs is a correction"
