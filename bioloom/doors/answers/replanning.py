"""Answers about replanning: what `circuits replan --json` and its neighbours print."""

from collections.abc import Iterable
from datetime import date

import msgspec

from bioloom.circuits.replanning.revising import Revision
from bioloom.doors.answers.plans import Certificate, Days, Ended
from bioloom.ledger.disruptions.disrupted import Disrupted
from bioloom.vocabulary.entries.circuits import CommitmentMade, Flow, Move, Unmet
from bioloom.vocabulary.entries.disruptions import Disrupting, MoveVetoed


class MoveTold(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass that goes elsewhere, in which way, and why; none is nowhere."""

    district: str
    material: str
    origin: str | None = msgspec.field(name="from")
    site: str | None = msgspec.field(name="to")
    mass_mg: int
    reason: str


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """The share of what a district offers that is placed, before and after."""

    before: float
    after: float


class RevisionPrinted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes in a plan in force. `service` has the districts whose service changes.

    `revises` is none where no plan is in force, and the one revised is only what one would be;
    `untouched` parts of `parts` were left as they are, without solving them.
    """

    period: Days
    revises: str | None
    proposed: str | None
    moves: list[MoveTold]
    moved_mg: int
    flows: list[Flow]
    unmet: list[Unmet]
    service: dict[str, Served]
    certificate: Certificate
    untouched: int
    parts: int
    faults: list[str]


class RevisionInForce(msgspec.Struct, frozen=True, kw_only=True):
    """A revision that was put in force: which commitments ended, and which were made."""

    plan: str
    ended: list[Ended]
    commitments: list[CommitmentMade]


class DisruptionListed(msgspec.Struct, frozen=True, kw_only=True):
    """A disruption: what it is, where, and on which days; why it ended, if somebody said so.

    `never_was` is one that was reported and never was.
    """

    disruption: str
    kind: Disrupting
    site: str | None
    areas: list[str]
    agent: str | None
    group: str | None
    per_mille: int
    first_day: date
    last_day: date | None
    reason: str
    ended: str | None
    never_was: bool


class DisruptionsListed(msgspec.Struct, frozen=True, kw_only=True):
    """All disruptions, and the vetoes that stand."""

    disruptions: list[DisruptionListed]
    vetoes: list[MoveVetoed]


def tell_disruption(one: Disrupted) -> DisruptionListed:
    """A disruption as it is printed."""
    body, ended = one.reported, one.ended
    return DisruptionListed(
        disruption=body.disruption,
        kind=body.kind,
        site=body.site,
        areas=list(body.areas),
        agent=body.agent,
        group=body.group,
        per_mille=body.per_mille,
        first_day=body.first_day,
        last_day=one.last_day,
        reason=body.reason,
        ended=None if ended is None else ended.reason,
        never_was=ended is not None and ended.last_day is None,
    )


def tell_moves(moves: Iterable[Move]) -> list[MoveTold]:
    """Moves as they are printed."""
    return [
        MoveTold(
            district=move.district,
            material=move.material,
            origin=move.origin,
            site=move.site,
            mass_mg=move.mass_mg,
            reason=move.reason,
        )
        for move in moves
    ]


def tell_revision(revision: Revision, *, proposed: str | None) -> RevisionPrinted:
    """A revision as it is printed."""
    made, before = revision.plan, revision.before
    was, now = before.service(), made.service
    return RevisionPrinted(
        period=Days(first=made.period.first, last=made.period.last),
        revises=None if before.proposed is None else before.proposed.plan,
        proposed=proposed,
        moves=tell_moves(revision.moves),
        moved_mg=revision.moved_mg,
        flows=list(made.flows),
        unmet=list(made.unmet),
        service={
            district: Served(before=was[district], after=share)
            for district, share in now.items()
            if district in was and was[district] != share
        },
        certificate=Certificate(checked=made.checked, gap=made.gap, stages=list(made.stages)),
        untouched=revision.untouched,
        parts=len(made.parts),
        faults=list(made.faults),
    )
