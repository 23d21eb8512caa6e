"""Taking a manifest into the record: once, and from then on what its later states change.

All states and versions of a manifest are one line of corrections. Where a later one only adds
signatures, movements are added; where it changes what was told, the lot's movements are taken back
to nothing, the last first, and told anew, so that no balance passes below zero on the way.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.formats.emanifest.carrying import sites_of
from bioloom.ledger.formats.emanifest.moving import SOURCE, Step, steps_of
from bioloom.ledger.formats.emanifest.rules.fields import STATUSES
from bioloom.ledger.formats.emanifest.rules.shapes import read_moment
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.manifests import Carried, ManifestTaken
from bioloom.vocabulary.periods import Instant, instant
from bioloom.vocabulary.refusal import Refusal

_ORDER = {
    "NotAssigned": 0,
    "Pending": 1,
    "Scheduled": 2,
    "InTransit": 3,
    "MtnValidationFailed": 4,
    "ReadyForSignature": 4,
    "Signed": 5,
    "UnderCorrection": 6,
    "Corrected": 7,
}
assert _ORDER.keys() == set(STATUSES), "each status has its place"

# How far a manifest is: its version, its status, when it was updated.
Progress = tuple[int, int, Instant]


class ManifestOutdated(Refusal):
    """A manifest of which the record has a later state."""

    def __init__(self, *, manifest: str) -> None:
        self.manifest = manifest
        super().__init__(
            what=f"The record has a later state of the manifest {manifest}.",
            why="An older one would take back what was signed since.",
            remedy="Take the newest in; to go back to this one, use --correct.",
        )


def key_of(manifest: str) -> str:
    """The idempotency key of a manifest.

    >>> key_of("123456789ELC")
    'emanifest:123456789ELC'
    """
    return natural_key(SOURCE, manifest)


def originals_of(carried: Carried) -> tuple[str, ...]:
    """The manifests that one continues: whose rejected load or residue it ships."""
    info = carried.additional_info
    if not carried.contains_previous_reject_or_residue or info is None:
        return ()
    return info.original_manifest_tracking_numbers or ()


def progress_of(carried: Carried) -> Progress:
    """How far a manifest is; what is told of it later compares as greater."""
    version = None if carried.correction_info is None else carried.correction_info.version_number
    updated = read_moment(carried.updated_date)
    return (
        version or 0,
        _ORDER.get(carried.status or "", 0),
        Instant("") if updated is None else instant(updated),
    )


def drafts_of(
    manifest: ManifestTaken,
    originals: Sequence[ManifestTaken],
    *,
    known: ManifestTaken | None,
    agents: Collection[AgentId],
    author: AgentId,
    at: Instant,
) -> list[Draft[Any]]:
    """The entries that a manifest becomes, in their order; all are to be recorded, or none.

    Args:
        manifest: What is told.
        originals: The manifests that it continues, as far as the record has them.
        known: What the record says of the same manifest.
        agents: Who is declared already.
        author: Who takes it in.
        at: When agents are declared, and the manifest itself told.

    Raises:
        LineUnmatched: If it is not clear out of which lot a line comes.
        Refusal: If a quantity cannot be counted.
    """
    named = sites_of(manifest.carried)
    bodies: list[tuple[str, Instant, msgspec.Struct]] = [
        (f"agent:{agent}", at, AgentDeclared(agent=agent, name=name))
        for agent, name in named.items()
        if agent not in agents
    ]
    new = [] if is_unnumbered(manifest) else steps_of(manifest, originals)
    old = [] if known is None or is_unnumbered(known) else steps_of(known, originals)
    for steps in _changes(_by_lot(old), _by_lot(new)):
        bodies += [(step.key, step.at, step.body) for step in steps]
    bodies.append((key_of(manifest.manifest), at, manifest))
    return [
        Draft(body=body, occurred_at=when, author=author, idempotency_key=key)
        for key, when, body in bodies
    ]


def is_unnumbered(manifest: ManifestTaken) -> bool:
    """Whether a manifest has no number yet: with it, the same load would be told again."""
    return manifest.manifest != manifest.carried.manifest_tracking_number


def _by_lot(lines: list[list[Step]]) -> dict[str, list[Step]]:
    # The first movement of a line makes its lot, and its key begins with the lot's.
    return {steps[0].key: steps for steps in lines}


def _changes(old: dict[str, list[Step]], new: dict[str, list[Step]]) -> Iterator[list[Step]]:
    for lot in dict.fromkeys([*old, *new]):
        before, after = old.get(lot, []), new.get(lot, [])
        kept = [one == other for one, other in zip_longest(before, after)][: len(before)]
        if all(kept):
            yield after[len(before) :]
        else:
            yield [_undone(step) for step in reversed(before)]
            yield after


def _undone(step: Step) -> Step:
    assert step.body.quantity is not None, "each movement has its amount"
    nothing = Amount(units=0, reported="0", unit=step.body.quantity.unit)
    return Step(step.key, step.at, msgspec.structs.replace(step.body, quantity=nothing))
