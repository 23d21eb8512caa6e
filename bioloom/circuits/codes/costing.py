"""Costing: what each Code that a plan keeps costs, by a plan without it."""

from collections.abc import Sequence

import msgspec

from bioloom.circuits.codes.conflicting import Posed, settle_under
from bioloom.circuits.layout.masses import short_of
from bioloom.circuits.settling import Settled
from bioloom.ledger.codes.standing import Version, provisions_of
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.quantities import MG_PER_TONNE


class CodeKept(msgspec.Struct, frozen=True, kw_only=True):
    """A Code that a plan keeps, and how a plan differs that keeps all others but this one.

    Attributes:
        code: Its name.
        version: Which version of it is in force.
        title: What it is called.
        more_unmet_mg: How much more is placed nowhere than without it; below zero where it is less.
        more_t_km: How much farther all goes than without it [t km]; below zero where it is nearer.
        checked: Whether the checker vouches for both plans. None of the three is known where
            nobody asked for the plan to be explained.
    """

    code: CodeId
    version: int
    title: str
    more_unmet_mg: int | None = None
    more_t_km: float | None = None
    checked: bool | None = None


def kept(versions: Sequence[Version]) -> tuple[CodeKept, ...]:
    """The Codes that a plan keeps, without what they cost."""
    return tuple(
        CodeKept(code=one.terms.code, version=one.terms.version, title=one.terms.title)
        for one in versions
    )


def costs(
    versions: Sequence[Version], posed: Posed, parts: Sequence[Settled]
) -> tuple[CodeKept, ...]:
    """The Codes that a plan keeps, each with what it costs: one more plan for each.

    Args:
        versions: The Codes.
        posed: The problem of the period under any of their rules.
        parts: The plan that keeps them all.
    """
    return tuple(
        _cost(one, settle_under(posed, provisions_of(_others(versions, code))), parts)
        for code, one in zip(versions, kept(versions), strict=True)
    )


def _others(versions: Sequence[Version], left_out: Version) -> list[Version]:
    return [one for one in versions if one is not left_out]


def _cost(one: CodeKept, without: Sequence[Settled], parts: Sequence[Settled]) -> CodeKept:
    return msgspec.structs.replace(
        one,
        more_unmet_mg=unplaced_mg(parts) - unplaced_mg(without),
        more_t_km=way_t_km(parts) - way_t_km(without),
        checked=all(part.verdict.checked for part in (*parts, *without)),
    )


def unplaced_mg(parts: Sequence[Settled]) -> int:
    """What is placed nowhere: unmet, or stored when the period ends."""
    return sum(
        int(short_of(part.problem, part.unmet_mg, part.masses.stored_mg).sum()) for part in parts
    )


def way_t_km(parts: Sequence[Settled]) -> float:
    """What all goes, in the same unit as the stage of cost: tonnes times kilometres."""
    return sum(float(part.flows_mg @ part.problem.arc_km) for part in parts) / MG_PER_TONNE
