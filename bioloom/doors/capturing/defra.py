"""Taking receipts of Digital Waste Tracking into a city: each once, and corrections linked."""

from typing import Any

from bioloom.doors.capturing.hands import Hands
from bioloom.doors.findings import Finding, broken_rule, conflict_of, finding_of
from bioloom.ledger.formats.defra.checking import judge_movement, read_bodies
from bioloom.ledger.formats.defra.receiving import (
    By,
    Received,
    drafts_of,
    key_of,
    moves_of,
    not_carried,
    receipt_of,
    reported_key,
    undoing,
)
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.ledger.formats.rows import Rejected
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.receipts import ReceiptReported, WasteReceived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.refusal import Refusal


class TakingReceipts:
    """A body, or a bulk upload of several, taken a movement at a time."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._city, self._report = hands, hands.city, hands.report

    def run(self, text: bytes) -> None:
        """Take every movement; one that is rejected does not stop the others.

        Raises:
            DocumentUnreadable, DocumentTooLarge: If it is no JSON object or list.
        """
        bodies, is_bulk = read_bodies(text)
        for number, (path, body) in enumerate(bodies, start=1):
            self._report.rows += 1
            judged = judge_movement(body, path, is_bulk=is_bulk)
            errors = [problem for problem in judged.problems if problem.level == "error"]
            for problem in errors:
                self._report.tell(_finding(number, problem.path, problem.what))
            if errors:
                self._report.rejected += 1
                continue
            assert isinstance(body, dict), "a body without errors is an object"
            try:
                self._take(number, body)
            except Refusal as refusal:
                self._report.rejected += 1
                self._report.tell(finding_of(Rejected(number, path, refusal, ())))

    def _take(self, number: int, body: Tree) -> None:
        for name in not_carried(body):
            if name not in self._report.not_carried:
                self._report.not_carried.append(name)
        declared = self._city.journal.declared()
        received = receipt_of(body, declared)
        by = By(self._hands.author, self._hands.clock())
        key = key_of(received.receipt.movement)
        known = self._city.journal.current([key]).get(key)
        before = [] if known is None else self._moves(known.body)
        drafts = drafts_of(received, declared, kinds=_kinds(before, known, received), by=by)
        current = self._city.journal.current([draft.idempotency_key for draft in drafts])
        differing = [draft for draft in drafts if _differs(draft, current)]
        if not differing:
            self._report.same += 1
        elif known is not None and not self._hands.correct:
            self._conflict(number, differing, current)
            return
        elif known is None:
            self._hands.commit_whole(drafts)
            self._report.recorded += len(drafts)
        else:
            changed = {getattr(draft.body, "lot", None) for draft in differing}
            kept = {item.lot for item in received.receipt.items} - changed
            undone = undoing([move for move in before if move.body.lot not in kept], by)
            self._hands.commit_whole([*undone, *drafts])
            self._report.corrected += len(differing)
        for draft in drafts:
            self._agree(draft.body)
        self._note_reported(body, received.receipt, by)

    def _moves(self, receipt: WasteReceived) -> list[Entry[Any]]:
        """The movements by which the lots of a receipt came, in their order."""
        keys = [key for item in receipt.items for key in moves_of(item.lot)]
        found = self._city.journal.current(keys)
        return [found[key] for key in keys if key in found]

    def _conflict(
        self, number: int, differing: list[Draft[Any]], current: dict[str, Entry[Any]]
    ) -> None:
        # An item too many has no entry yet; the receipt, which then differs too, has.
        draft = next(draft for draft in differing if draft.idempotency_key in current)
        key = draft.idempotency_key
        recorded = current[key].body
        told = conflict_of(line=number, column=None, key=key, recorded=recorded, stated=draft.body)
        self._report.conflicts += 1
        self._report.tell(told)

    def _note_reported(self, body: Tree, receipt: WasteReceived, by: By) -> None:
        """Who knows a movement's waste tracking id has reported it."""
        known = self._city.journal.current([key_of(receipt.movement)])
        if "wasteTrackingId" not in body or not known:
            return
        (entry,) = known.values()
        reported = ReceiptReported(
            movement=receipt.movement,
            receiver=receipt.receiver,
            entry=entry.id,
            tracking_id=body["wasteTrackingId"],
        )
        lots = self._city.journal.current([item.lot for item in receipt.items]).values()
        key = reported_key(receipt.movement, max([entry.seq, *(lot.seq for lot in lots)]))
        draft = Draft(body=reported, occurred_at=by.at, author=by.author, idempotency_key=key)
        if key not in self._city.journal.current([key]):
            self._hands.commit_whole([draft])
            self._report.recorded += 1

    def _agree(self, body: object) -> None:
        if isinstance(body, EventHappened) and body.made and body.quantity:
            masses, material = self._report.mass_mg, body.made.material
            masses[material] = masses.get(material, 0) + body.quantity.units


def _kinds(
    before: list[Entry[Any]], known: Entry[Any] | None, received: Received
) -> dict[LotId, MaterialId]:
    """What those lots are made of whose first EWC code is as it was."""
    codes = {} if known is None else {item.lot: item.ewc_codes[0] for item in known.body.items}
    made = {entry.body.made.lot: entry.body.made.material for entry in before if entry.body.made}
    items = received.receipt.items
    return {
        item.lot: made[item.lot]
        for item in items
        if item.lot in made and codes.get(item.lot) == item.ewc_codes[0]
    }


def _differs(draft: Draft[Any], current: dict[str, Entry[Any]]) -> bool:
    entry = current.get(draft.idempotency_key)
    return entry is None or (entry.body, entry.occurred_at) != (draft.body, draft.occurred_at)


def _finding(number: int, path: str, what: str) -> Finding:
    return broken_rule(
        number,
        path,
        what,
        why="The service would reject it.",
        remedy="Correct it, and see `bioloom format check --as defra FILE`.",
    )
