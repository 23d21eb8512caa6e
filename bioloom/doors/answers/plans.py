"""Answers about plans: what `plan --json`, `circuits --json` and the API print."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from bioloom.circuits.codes.costing import CodeKept
from bioloom.circuits.comparing.ruling import Comparison
from bioloom.circuits.explaining.causing import Cause
from bioloom.circuits.horizon.naming import Produced
from bioloom.circuits.planning import Load
from bioloom.vocabulary.entries.circuits import (
    CommitmentEnded,
    CommitmentMade,
    Flow,
    Onward,
    Stage,
    Stored,
    Unmet,
)


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """First and last day, both included."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """The checker's word, its largest relative gap, and every stage."""

    checked: bool
    gap: float
    stages: list[Stage]


class PlanAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan: shares of what was offered, flows and unmet, proof and reasons."""

    period: Days
    service: dict[str, float]
    service_by_group: dict[str, dict[str, float]]
    flows: list[Flow]
    unmet: list[Unmet]
    stored: list[Stored]
    onward: list[Onward]
    products: list[Produced]
    certificate: Certificate
    reasons: dict[str, str]
    without: list[str]
    codes: list[CodeKept]
    tried_codes: list[str]
    with_backlog: bool
    causes: dict[str, Cause]
    loads: list[Load]
    faults: list[str]


class PlanPrinted(PlanAnswer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan on the command line: with its proposal, where it was proposed, and what to mind."""

    proposed: str | None
    notes: list[str]


ExpectedBy = Literal["forecast", "mean_day"]


class WeekAhead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plan ahead does in one week; `firm` of its flows were decided before."""

    period: Days
    flows: list[Flow]
    firm: list[Flow]
    unmet: list[Unmet]
    stored: list[Stored]
    onward: list[Onward]
    products: list[Produced]


class AheadPrinted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weeks ahead as one plan; shares are of what they are expected to offer together.

    They are `expected` by the forecast of months after the `known` one, or as on its mean day.
    """

    known: Days
    expected: ExpectedBy
    weeks: list[WeekAhead]
    service: dict[str, float]
    service_by_group: dict[str, dict[str, float]]
    certificate: Certificate
    without: list[str]
    faults: list[str]
    notes: list[str]


class FairnessPrinted(msgspec.Struct, frozen=True, kw_only=True):
    """A period by several rules of fairness."""

    period: Days
    comparison: Comparison


class ProposalListed(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that was proposed."""

    plan: str
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    placed_mg: int
    unmet_mg: int
    in_force: bool
    # Whether it was ever put in force.
    adopted: bool
    # Whether the record's figures for its days have changed since it was proposed.
    outdated: bool


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment that another plan ended: what was done of it, and what stays under way [mg]."""

    commitment: str
    done_mg: int
    under_way_mg: int


class PlanInForce(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that was put in force: which commitments ended, and which were made."""

    plan: str
    ended: list[Ended]
    commitments: list[CommitmentMade]


def told_ended(ended: Sequence[CommitmentEnded]) -> list[Ended]:
    """Commitments that ended, as they are printed."""
    return [
        Ended(commitment=one.commitment, done_mg=one.done_mg, under_way_mg=one.under_way_mg)
        for one in ended
    ]
