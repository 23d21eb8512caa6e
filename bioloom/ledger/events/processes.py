"""Processes: what went in, what came out, and whether a process closes."""

from collections import defaultdict
from dataclasses import dataclass
from math import isqrt
from typing import Any

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import losses_of, process_name, specification_name
from bioloom.ledger.recipes.publishing import known_recipe
from bioloom.vocabulary.agents import AIR, OUTSIDE, SOIL, WATER, AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    Loss,
    ProcessClosed,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    SpecificationId,
    UsedUp,
)
from bioloom.vocabulary.entries.recipes import RecipeId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal

# What the lot is said to be that stands for what left a process without becoming one.
LOST = MaterialId("losses")
# Ten standard deviations: more than any weighing needs.
_LARGEST_COVERAGE = 10
# Where what is declared lost may go; what is not declared goes to `unaccounted` as residual.
_SINKS = frozenset((AIR, WATER, SOIL, OUTSIDE))


class ProcessUnknown(Refusal):
    """An entry names a process that nobody opened."""

    def __init__(self, *, process: ProcessId) -> None:
        self.process = process
        super().__init__(
            what=f"Process '{process}' is not in the record.",
            why="What goes in and comes out is added up from its opening on.",
            remedy="Open the process first, or correct its name.",
        )


class ProcessEnded(Refusal):
    """An entry would change a process that is closed."""

    def __init__(self, *, process: ProcessId) -> None:
        self.process = process
        super().__init__(
            what=f"Process '{process}' is closed.",
            why="Its inputs and outputs were balanced, and the residual was posted.",
            remedy="Take its closing back first (reverse it), or open another process.",
        )


class ProcessThere(Refusal):
    """A process is opened under a name that is taken."""

    def __init__(self, *, process: ProcessId) -> None:
        self.process = process
        super().__init__(
            what=f"Process '{process}' is in the record already.",
            why="Each process is opened once.",
            remedy="Choose another name.",
        )


class BeforeOpening(Refusal):
    """An event of a process is dated before the process was opened."""

    def __init__(self, *, process: ProcessId, at: Instant, opened_at: Instant) -> None:
        self.process, self.at, self.opened_at = process, at, opened_at
        super().__init__(
            what=f"At {at} '{process}' was not open yet: it was opened at {opened_at}.",
            why="What goes in and comes out is added up from its opening on.",
            remedy="Correct the date of the one or of the other.",
        )


class SpecificationUnknown(Refusal):
    """A process of a kind that nobody specified."""

    def __init__(self, *, specification: SpecificationId) -> None:
        self.specification = specification
        super().__init__(
            what=f"There is no kind of process '{specification}' in the record.",
            why="How well a process must close is declared by its kind, and never inferred.",
            remedy="Specify the kind of process first, with its tolerance.",
        )


class ToleranceSenseless(Refusal):
    """A kind of process that tolerates less than nothing, or more than everything."""

    def __init__(self, *, specification: SpecificationId) -> None:
        self.specification = specification
        super().__init__(
            what=f"'{specification}' declares a tolerance that cannot be.",
            why="At least nothing and at most all that goes in may be unaccounted for.",
            remedy="Give tolerance_per_mille from 0 to 1000, and a coverage from 0 to 10.",
        )


class MassNotBalanced(Refusal):
    """The residual of a process is larger than its kind tolerates."""

    def __init__(self, *, process: ProcessId, residual_mg: int, tolerance_mg: int) -> None:
        self.process, self.residual_mg, self.tolerance_mg = process, residual_mg, tolerance_mg
        verb = "vanish from" if residual_mg > 0 else "appear from nowhere in"
        super().__init__(
            what=f"'{process}' leaves {abs(residual_mg)} mg unaccounted for.",
            why=f"They would {verb} the record; it tolerates {tolerance_mg} mg.",
            remedy="Correct a mass, or name vapour, gas and leachate as losses.",
        )


class ClosingOtherwise(Refusal):
    """The end of a process is told with other figures than the record has."""

    def __init__(self, *, process: ProcessId, found: str) -> None:
        self.process, self.found = process, found
        super().__init__(
            what=f"'{process}' cannot be closed like this: {found}.",
            why="Its residual follows from its events.",
            remedy="Do the same again; it then rests on the record as it is now.",
        )


class GivenBackTooMuch(Refusal):
    """More of a lot comes out of a process than went in."""

    def __init__(self, *, lot: LotId, units: int, inside_units: int) -> None:
        self.lot, self.units, self.inside_units = lot, units, inside_units
        super().__init__(
            what=f"{units} of lot '{lot}' come back, but {inside_units} are inside.",
            why="What was accepted or picked up comes back as it was; the rest is produced.",
            remedy="Correct the amount, or record what the process made as produced.",
        )


@dataclass(frozen=True, slots=True)
class Process:
    """A process as the record has it."""

    opened: ProcessOpened
    specification: ProcessSpecified
    closed: ProcessClosed | None
    events: tuple[EventHappened, ...]
    # For each of its lots, whether it is weighed (counted in milligrams).
    weighed: dict[LotId, bool]


def known_process(process: ProcessId, facts: Facts) -> Process:
    """A process with its events.

    Raises:
        ProcessUnknown: If nobody opened it.
    """
    entries = facts.about(process_name(process))
    opened = _newest(entries, ProcessOpened)
    if opened is None:
        raise ProcessUnknown(process=process)
    opened_at = max(entry.seq for entry in entries if isinstance(entry.body, ProcessOpened))
    events = [entry.body for entry in entries if isinstance(entry.body, EventHappened)]
    lots = {event.lot for event in events} - {None}
    return Process(
        opened=opened,
        specification=known_specification(opened.specification, facts, before=opened_at),
        closed=_newest(entries, ProcessClosed),
        events=tuple(events),
        weighed={lot: _is_weighed(lot, facts) for lot in lots if lot is not None},
    )


def known_specification(
    specification: SpecificationId, facts: Facts, *, before: int | None = None
) -> ProcessSpecified:
    """A kind of process as it is specified now, or was before an entry that opened one.

    A tolerance told anew later closes no process that is open; a correction says it never was so.

    Raises:
        SpecificationUnknown: If nobody specified it.
    """
    told = facts.about(specification_name(specification))
    if before is not None:
        told = [entry for entry in told if entry.seq < before or entry.corrects is not None]
    found = _newest(told, ProcessSpecified)
    if found is None:
        raise SpecificationUnknown(specification=specification)
    assert isinstance(found, ProcessSpecified), "it was looked for by its kind"
    return found


def judge_specified(body: ProcessSpecified) -> None:
    """See that a kind of process declares a tolerance that can be.

    Raises:
        ToleranceSenseless: If it does not.
    """
    tolerance = body.tolerance_per_mille or 0
    if not (0 <= tolerance <= 1000 and 0 <= body.coverage <= _LARGEST_COVERAGE):
        raise ToleranceSenseless(specification=body.specification)


def judge_open(process: ProcessId, facts: Facts) -> None:
    """See that a process takes and gives.

    Raises:
        ProcessUnknown: If nobody opened it.
        ProcessEnded: If it is closed.
    """
    kinds = {type(entry.body) for entry in facts.introducing(process_name(process))}
    if ProcessOpened not in kinds:
        raise ProcessUnknown(process=process)
    if ProcessClosed in kinds:
        raise ProcessEnded(process=process)


def judge_since_opening(body: EventHappened, facts: Facts, *, at: Instant) -> None:
    """See that an event of a process does not happen before that is opened.

    Raises:
        BeforeOpening: If it does.
    """
    for process in dict.fromkeys((body.input_of, body.output_of)):
        if process is not None:
            for entry in facts.introducing(process_name(process)):
                if isinstance(entry.body, ProcessOpened) and at < entry.occurred_at:
                    raise BeforeOpening(process=process, at=at, opened_at=entry.occurred_at)


def judge_opening(body: ProcessOpened, facts: Facts, *, at: Instant, is_correction: bool) -> None:
    """Hold the opening of a process against the record.

    Raises:
        SpecificationUnknown: If its kind is not specified.
        RecipeUnknown: If it follows a recipe that is not in the record.
        ProcessThere: If it was opened before.
        ProcessEnded: If it is corrected after its end.
        BeforeOpening: If it is corrected to a time after one of its events.
    """
    known_specification(body.specification, facts)
    if body.follows is not None:
        known_recipe(RecipeId(body.follows), facts)
    entries = facts.about(process_name(body.process))
    if not is_correction and _newest(entries, ProcessOpened) is not None:
        raise ProcessThere(process=body.process)
    if _newest(entries, ProcessClosed) is not None:
        raise ProcessEnded(process=body.process)
    first = min((entry.occurred_at for entry in entries), default=at)
    if is_correction and first < at:
        raise BeforeOpening(process=body.process, at=first, opened_at=at)


def owners_of_missing(process: Process, facts: Facts) -> dict[LotId, AgentId]:
    """Who owns what a process accepted and did not give back.

    Whoever gave a lot in, if they own enough of it; else whoever else owns enough.
    """
    givers = {event.lot: event.provider for event in process.events if event.lot is not None}
    owners: dict[LotId, AgentId] = {}
    for lot, units in units_inside(process).items():
        able = [AgentId(agent) for agent, has in facts.owner_units(lot).items() if has >= units]
        if able:
            owners[lot] = givers[lot] if givers[lot] in able else min(able)
    return owners


def close(
    process: Process, owners: dict[LotId, AgentId], losses: tuple[Loss, ...] = ()
) -> ProcessClosed:
    """The end of a process: what is missing of what it accepted is used up, the rest is residual.

    Args:
        process: The process as the record has it.
        owners: Whose the lots are that it accepted and did not give back.
        losses: What left it as vapour, gas or leachate.

    Raises:
        ProcessEnded: If it is closed already.
        ClosingOtherwise: If a loss goes where its kind has none, or somebody's part is unknown.
        MassNotBalanced: If the residual is larger than its kind tolerates.
    """
    name = process.opened.process
    if process.closed is not None:
        raise ProcessEnded(process=name)
    allowed = (set(process.specification.loses_to) | {OUTSIDE}) & _SINKS
    for loss in losses:
        if loss.to not in allowed or not 0 < loss.mass_mg <= LARGEST_MG:
            found = f"{loss.mass_mg} mg cannot be lost to '{loss.to}'"
            raise ClosingOtherwise(process=name, found=found)
    missing = {lot: units for lot, units in sorted(units_inside(process).items()) if units}
    if ownerless := missing.keys() - owners.keys():
        raise ClosingOtherwise(process=name, found=f"nobody owns {', '.join(sorted(ownerless))}")
    used_up = tuple(
        UsedUp(lot=lot, owner=owners[lot], units=units) for lot, units in missing.items()
    )
    residual_mg = _residual_mg(process, losses, used_up)
    tolerance_mg = tolerance_of(process)
    if tolerance_mg is not None and abs(residual_mg) > tolerance_mg:
        raise MassNotBalanced(process=name, residual_mg=residual_mg, tolerance_mg=tolerance_mg)
    return ProcessClosed(process=name, losses=losses, used_up=used_up, residual_mg=residual_mg)


def judge_closing(body: ProcessClosed, facts: Facts) -> None:
    """Hold the end of a process against its events.

    Raises:
        ProcessUnknown, ProcessEnded, MassNotBalanced, ClosingOtherwise.
    """
    taken = facts.kind_of(losses_of(body.process))
    if taken is not None and taken[0] != LOST:
        found = f"'{losses_of(body.process)}' is a lot of something else"
        raise ClosingOtherwise(process=body.process, found=found)
    owners = {used.lot: used.owner for used in body.used_up}
    expected = close(known_process(body.process, facts), owners, body.losses)
    if expected != body:
        found = f"the residual is {expected.residual_mg} mg, and {len(expected.used_up)} lots gone"
        raise ClosingOtherwise(process=body.process, found=found)


def units_inside(process: Process) -> dict[LotId, int]:
    """What a process has accepted or picked up of each lot and not yet given back."""
    inside: defaultdict[LotId, int] = defaultdict(int)
    for event in process.events:
        if event.lot is None or event.quantity is None:
            continue
        inside[event.lot] += put_in(event)
        if event.action in ("modify", "dropoff"):
            inside[event.lot] -= event.quantity.units
    return dict(inside)


def put_in(event: EventHappened) -> int:
    """How much of its lot an event lets a process have for a while, in the lot's base unit."""
    is_put_in = event.action in ("accept", "pickup") and event.quantity is not None
    return event.quantity.units if is_put_in and event.quantity is not None else 0


def tolerance_of(process: Process) -> int | None:
    """How much may be unaccounted for [mg]; none where the kind of process is not weighed.

    A share of what went in, and the expanded uncertainty of all weighings, as if independent.
    """
    specification = process.specification
    if specification.tolerance_per_mille is None:
        return None
    in_mg = sum(_mg(event, process) for event in process.events if event.action == "consume")
    variance = sum(
        (event.uncertainty_units or 0) ** 2
        for event in process.events
        if event.action in ("consume", "produce") and _mg(event, process)
    )
    share_mg = in_mg * specification.tolerance_per_mille // 1000
    return share_mg + specification.coverage * isqrt(variance)


def _residual_mg(process: Process, losses: tuple[Loss, ...], used_up: tuple[UsedUp, ...]) -> int:
    in_mg = sum(_mg(event, process) for event in process.events if event.action == "consume")
    in_mg += sum(used.units for used in used_up if process.weighed[used.lot])
    out_mg = sum(_mg(event, process) for event in process.events if event.action == "produce")
    return in_mg - out_mg - sum(loss.mass_mg for loss in losses)


def _mg(event: EventHappened, process: Process) -> int:
    is_weighed = event.lot is not None and process.weighed[event.lot]
    return event.quantity.units if is_weighed and event.quantity is not None else 0


def _is_weighed(lot: LotId, facts: Facts) -> bool:
    kind = facts.kind_of(lot)
    return kind is not None and kind[1] == MILLIGRAM


def _newest(entries: list[Entry[Any]], kind: type[Any]) -> Any:  # noqa: ANN401  A body of that kind.
    return next((entry.body for entry in reversed(entries) if isinstance(entry.body, kind)), None)
