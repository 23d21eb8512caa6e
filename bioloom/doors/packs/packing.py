"""Packing: what a city gives others to take over, and taking it over from a pack."""

from typing import Any

import msgspec

from bioloom.doors.capturing.hands import Hands
from bioloom.doors.compose import City
from bioloom.doors.findings import conflict_of, finding_of
from bioloom.doors.keys.signing import Signer
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
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.recipes import RecipePublished
from bioloom.vocabulary.refusal import Refusal


def pack_of(city: City) -> bytes:
    """A city's materials, kinds of process and recipes, and the proofs of the recipes.

    Raises:
        Refusal: Whatever signing a head raises, where it has recipes of its own to prove.
    """
    signer = Signer(city)
    entries = [entry for entry in city.journal.standing() if entry.kind in PACKED]
    entries.sort(key=lambda entry: (list(PACKED).index(entry.kind), entry.seq))
    own = any(isinstance(one.body, RecipePublished) and one.body.origin is None for one in entries)
    key = signer.head().key if own else None
    items = tuple(_item(entry, signer) for entry in entries)
    return write_pack(Pack(format=FORMAT, city=city.settings.name, key=key, items=items))


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
        pack = read_pack(text)
        for number, item in enumerate(pack.items, start=1):
            self._report.rows += 1
            try:
                self._take(number, item, pack)
            except Refusal as refusal:
                self._report.rejected += 1
                self._report.tell(finding_of(Rejected(number, item.kind, refusal, ())))

    def _take(self, number: int, item: PackItem, pack: Pack) -> None:
        key, body = body_of(item, pack)
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
            if known is None:
                self._report.recorded += 1
            else:
                self._report.corrected += 1

    def _record(self, key: str, body: msgspec.Struct) -> None:
        if self._hands.dry_run:
            return
        at = self._hands.clock()
        draft = Draft(body=body, occurred_at=at, author=self._hands.author, idempotency_key=key)
        (outcome,) = self._hands.city.commit(self._hands.caused([draft]), correct=True)
        if isinstance(outcome, Refused):
            raise outcome.refusal
        assert not isinstance(outcome, Conflict), "what differs is a correction"
