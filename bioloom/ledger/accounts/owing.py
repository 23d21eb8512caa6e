"""Owing: every commitment and claim with what is done of it, and which are overdue."""

from datetime import date

import msgspec

from bioloom.ledger.events.mentioning import claim_name, commitment_name
from bioloom.ledger.events.promising import Owed, owed
from bioloom.ledger.events.replaced import Replaced
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import ClaimMade, CommitmentId, PromiseMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId

_PROMISING = ("ClaimMade", "CommitmentMade", "PromiseMade")
Promise = ClaimMade | CommitmentMade | PromiseMade


class OwedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment or claim, what it is of, and the entry that says so."""

    owed: Owed
    material: MaterialId | None
    # The lots that it is of, where it names some.
    lots: tuple[LotId, ...]
    is_claim: bool
    said_by: int


def everything_owed(journal: Journal, *, today: date) -> list[OwedRow]:
    """All commitments and claims, in the order in which they were first made.

    Commitments of a plan that another has replaced are owed no longer, and left out, and so are
    those that a revision of it has ended.

    Args:
        journal: The city's record.
        today: The day by which they are judged overdue.
    """
    replaced = Replaced()
    for entry in journal.read(kinds=["PlanAdopted", "CommitmentEnded"]):
        replaced.fold(entry.body)
    made: dict[str, tuple[Entry[Promise], Promise]] = {}
    for entry in journal.read(kinds=_PROMISING):
        body: Promise = entry.body
        if isinstance(body, CommitmentMade):
            if replaced.has(body):
                continue
            body = replaced.as_it_stands(body)
        made[entry.idempotency_key] = entry, body
    memory = recall(journal.store)
    names = {key: _name(body) for key, (_, body) in made.items()}
    memory.prepare(names.values())
    return [
        _row(entry, body, owed(body, memory.about(names[key]), today=today))
        for key, (entry, body) in made.items()
    ]


def _row(entry: Entry[Promise], body: Promise, standing: Owed) -> OwedRow:
    return OwedRow(
        owed=standing,
        material=body.material,
        lots=_lots(body),
        is_claim=isinstance(body, ClaimMade),
        said_by=entry.seq,
    )


def _lots(body: Promise) -> tuple[LotId, ...]:
    if isinstance(body, CommitmentMade):
        return tuple(portion.lot for portion in body.lots)
    return () if body.lot is None else (body.lot,)


def _name(body: Promise) -> str:
    if isinstance(body, ClaimMade):
        return claim_name(body.claim)
    return commitment_name(CommitmentId(body.commitment))
