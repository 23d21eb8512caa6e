"""Conserving: whether what a process took of an element is in what it made and lost."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import NamedTuple

import msgspec

from bioloom.ledger.compositions.declaring import (
    CompositionSenseless,
    declared_of,
    judge_shares,
)
from bioloom.ledger.compositions.sharing import Part, part_of, part_of_gas
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.processes import Process, ToleranceSenseless, known_process
from bioloom.vocabulary.entries.compositions import Conservation, Element
from bioloom.vocabulary.entries.events import (
    EventHappened,
    Loss,
    ProcessClosed,
    ProcessId,
    ProcessSpecified,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


class ElementNotConserved(Refusal):
    """More of an element vanishes from a process, or appears in it, than its kind tolerates."""

    def __init__(
        self, *, process: ProcessId, element: Element, residual_mg: int, tolerance_mg: int
    ) -> None:
        self.process, self.element = process, element
        self.residual_mg, self.tolerance_mg = residual_mg, tolerance_mg
        named = element.replace("_", " ")
        verb = "vanish from" if residual_mg > 0 else "appear from nowhere in"
        super().__init__(
            what=f"'{process}' leaves {abs(residual_mg)} mg of {named} unaccounted for.",
            why=f"They would {verb} it; its kind conserves {named} within {tolerance_mg} mg.",
            remedy="Correct a composition or a mass, or say of which gas or composition a loss is.",
        )


class ElementBalance(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an element in a process [mg, rounded outwards]; told beside the account.

    Where the element is not known of all that went in, came out or was lost, nothing is judged, and
    the residual is none.
    """

    element: Element
    # The lots and losses of which nobody declared it.
    unknown: list[str]
    residual_mg: int | None
    # By how much it may be off: a share of the input, and the expanded uncertainty of all figures.
    tolerance_mg: int | None
    is_conserved: bool | None


class ProcessConserved(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each element that a kind of process conserves, by what is declared now."""

    process: ProcessId
    is_closed: bool
    elements: list[ElementBalance]


class _Flow(NamedTuple):
    """What went in (above zero) or out of one lot or loss, with the variance of its weighings."""

    name: str
    net_mg: int | None
    in_mg: int
    variance: int
    lot: LotId | None = None
    loss: Loss | None = None


def judge_conserving(body: ProcessSpecified) -> None:
    """See that what a kind of process conserves can be.

    Raises:
        ToleranceSenseless: If a tolerance cannot be, or an element is named twice.
    """
    named = [one.element for one in body.conserves]
    tolerances = [one.tolerance_per_mille for one in body.conserves]
    if len(set(named)) < len(named) or not all(0 <= one <= 1000 for one in tolerances):
        raise ToleranceSenseless(specification=body.specification)


def judge_conserved(body: ProcessClosed, facts: Facts) -> None:
    """Hold the end of a process against what its kind conserves.

    Raises:
        CompositionSenseless: If a loss is of a composition that cannot be.
        ElementNotConserved: If more of an element is unaccounted for than is tolerated.
    """
    for loss in body.losses:
        if loss.composition is not None:
            judge_shares(loss.composition, of=_name_of(loss))
            if loss.gas is not None:
                found = "a gas is of its own composition"
                raise CompositionSenseless(of=_name_of(loss), found=found)
    process = known_process(body.process, facts)
    for balance in _balances(process, body, facts):
        if balance.is_conserved is False:
            assert balance.residual_mg is not None, "only what is known is judged"
            assert balance.tolerance_mg is not None, "only what is known is judged"
            raise ElementNotConserved(
                process=body.process,
                element=balance.element,
                residual_mg=balance.residual_mg,
                tolerance_mg=balance.tolerance_mg,
            )


def conserved(name: ProcessId, facts: Facts) -> ProcessConserved:
    """What became of each element that a process conserves, so far or until its end.

    Raises:
        ProcessUnknown: If nobody opened it.
    """
    process = known_process(name, facts)
    end = process.closed or ProcessClosed(process=name)
    return ProcessConserved(
        process=name,
        is_closed=process.closed is not None,
        elements=list(_balances(process, end, facts)),
    )


def _balances(process: Process, end: ProcessClosed, facts: Facts) -> Iterator[ElementBalance]:
    if not process.specification.conserves:
        return
    flows = [*_flows_of_lots(process, end), *map(_flow_of_loss, end.losses)]
    for conservation in process.specification.conserves:
        parts = [_part_in(flow, conservation.element, facts) for flow in flows]
        yield _balance(conservation, flows, parts, coverage=process.specification.coverage)


def _flows_of_lots(process: Process, end: ProcessClosed) -> Iterator[_Flow]:
    """By lot, since what is declared of a lot is as far off in each of its portions."""
    moved = [event for event in process.events if event.action in ("consume", "produce")]
    lots = {event.lot for event in moved if event.lot is not None}
    for lot in sorted(lots | {used.lot for used in end.used_up}):
        own = [event for event in moved if event.lot == lot]
        taken = sum(_units(event) for event in own if event.action == "consume")
        taken += sum(used.units for used in end.used_up if used.lot == lot)
        made = sum(_units(event) for event in own if event.action == "produce")
        variance = sum((event.uncertainty_units or 0) ** 2 for event in own)
        is_weighed = process.weighed[lot]
        yield _Flow(lot, taken - made if is_weighed else None, taken, variance, lot=lot)


def _flow_of_loss(loss: Loss) -> _Flow:
    return _Flow(_name_of(loss), -loss.mass_mg, 0, 0, loss=loss)


def _units(event: EventHappened) -> int:
    return 0 if event.quantity is None else event.quantity.units


def _part_in(flow: _Flow, element: Element, facts: Facts) -> Part | None:
    if flow.net_mg is None:
        return None
    if flow.loss is not None and flow.loss.gas is not None:
        return part_of_gas(flow.loss.gas, element)
    if flow.loss is not None:
        declared = flow.loss.composition
    else:
        assert flow.lot is not None, "a flow is of a lot or of a loss"
        declared = declared_of(flow.lot, facts)
    return None if declared is None else part_of(declared, element)


def _balance(
    conservation: Conservation,
    flows: list[_Flow],
    parts: list[Part | None],
    *,
    coverage: int,
) -> ElementBalance:
    """What is unaccounted for of an element, exactly, against what is tolerated."""
    residual, in_mg, variance = Fraction(0), Fraction(0), Fraction(0)
    unknown: list[str] = []
    for flow, part in zip(flows, parts, strict=True):
        if part is None or flow.net_mg is None:
            unknown.append(flow.name)
            continue
        residual += flow.net_mg * part.fraction
        in_mg += flow.in_mg * part.fraction
        variance += flow.variance * part.fraction**2 + flow.net_mg**2 * part.variance
    if unknown:
        return ElementBalance(
            element=conservation.element,
            unknown=unknown,
            residual_mg=None,
            tolerance_mg=None,
            is_conserved=None,
        )
    share, expanded = in_mg * conservation.tolerance_per_mille / 1000, coverage**2 * variance
    beyond = abs(residual) - share
    return ElementBalance(
        element=conservation.element,
        unknown=[],
        residual_mg=ceil(residual) if residual > 0 else floor(residual),
        tolerance_mg=floor(share + isqrt(floor(expanded))),
        is_conserved=beyond <= 0 or beyond**2 <= expanded,
    )


def _name_of(loss: Loss) -> str:
    return f"loss to {loss.to}" if loss.gas is None else f"{loss.gas} to {loss.to}"
