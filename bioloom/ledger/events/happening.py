"""Happening: whether an economic event can be as it is told, by its action and by the record."""

from bioloom.ledger.events.containing import judge_combining, judge_separating
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import process_name
from bioloom.ledger.events.moving import event_legs
from bioloom.ledger.events.processes import GivenBackTooMuch, judge_open
from bioloom.ledger.events.promising import judge_fulfilling, judge_settling
from bioloom.ledger.holdings import LotUnknown
from bioloom.vocabulary.agents import BOUNDARY, INSIDE
from bioloom.vocabulary.amounts import (
    MILLIGRAM,
    SECOND,
    Amount,
    BaseUnit,
    base_of,
    judge_reading,
)
from bioloom.vocabulary.entries.actions import ACTIONS, Action, Effects
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal

_WITHIN_A_LOT: tuple[Action, ...] = ("transferAllRights", "transferCustody")
_BETWEEN_TWO: tuple[Action, ...] = ("transfer", *_WITHIN_A_LOT)


class EventSenseless(Refusal):
    """An event whose parts contradict each other or its action."""

    def __init__(self, *, action: Action, found: str) -> None:
        self.action, self.found = action, found
        super().__init__(
            what=f"An event '{action}' cannot be as it is told: {found}.",
            why="The action table of Valueflows says what each action does, and to what.",
            remedy="Choose another action, or correct that part of the event.",
        )


class UnitMismatch(Refusal):
    """An amount in a unit that does not measure its lot."""

    def __init__(self, *, lot: LotId, unit: str, base: BaseUnit) -> None:
        self.lot, self.unit, self.base = lot, unit, base
        super().__init__(
            what=f"Lot '{lot}' is counted in {base}, not in '{unit}'.",
            why="Amounts of different kinds cannot be added up.",
            remedy=f"Give the amount in a unit of {base}.",
        )


class MaterialChanged(Refusal):
    """A transfer between lots of different materials, or of different units."""

    def __init__(self, *, lot: LotId, to_lot: LotId) -> None:
        self.lot, self.to_lot = lot, to_lot
        super().__init__(
            what=f"'{lot}' and '{to_lot}' are not of the same material.",
            why="A transfer moves a material; only a process makes another of it.",
            remedy="Record a process that consumes the one and produces the other.",
        )


class LotThere(Refusal):
    """An event makes a lot under a name that is taken."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"Lot '{lot}' is in the record already.",
            why="Each lot has a name of its own from the day it is made.",
            remedy="Leave 'made' out to add to it, or choose another name.",
        )


def judge_event(body: EventHappened, facts: Facts, *, is_correction: bool) -> None:
    """Hold an event against its action and the record.

    Whether its provider has so much is judged with all other movements, by their legs.

    Args:
        body: The event.
        facts: The record as it is.
        is_correction: Whether it replaces an entry, which `facts` leave out.

    Raises:
        EventSenseless: If its parts contradict each other.
        AmountMisread, AmountUnitUnknown, AmountUncountable: If an amount is not what was reported.
        LotUnknown, LotThere, UnitMismatch, MaterialChanged: If it does not fit its lots.
        ProcessUnknown, ProcessEnded, GivenBackTooMuch: If it does not fit its process.
        ContainerUnknown, NotContained, ContainedInItself: If it does not fit a container.
        PromiseUnknown, ClaimUnknown, ClaimExceeded: If it does not fit what it fulfils or settles.
    """
    effects = ACTIONS[body.action]
    if found := _contradiction(body, effects):
        raise EventSenseless(action=body.action, found=found)
    judge_reading(body.quantity)
    judge_reading(body.effort)
    _judge_lots(body, facts, is_correction=is_correction)
    for process in {body.input_of, body.output_of} - {None}:
        assert process is not None
        judge_open(process, facts)
    _judge_coming_back(body, effects, facts)
    if body.action == "combine" and body.container is not None:
        judge_combining(body, facts)
    if body.action == "separate" and body.container is not None:
        judge_separating(body, facts)
    judge_fulfilling(body, facts)
    judge_settling(body, facts)


def judge_obeying(body: EventHappened, facts: Facts, *, at: Instant) -> None:
    """Hold an event of a lot against the Codes in force when it happens.

    Raises:
        AgainstCode: If one of them refuses it.
    """
    if body.lot is not None:
        is_made = body.made is not None and body.made.lot == body.lot
        made = (body.made.material, body.made.base_unit) if body.made and is_made else None
        facts.policies().judge(body, made or facts.kind_of(body.lot), at)


def _contradiction(body: EventHappened, effects: Effects) -> str | None:
    """What of an event contradicts its action, if anything does."""
    checks = (
        (body.made is not None and not effects.create_resource, "it cannot make a lot"),
        (
            body.made is not None and body.made.lot not in (body.lot, body.to_lot),
            "the lot it makes is none of the lots it names",
        ),
        (body.to_lot is not None and body.lot is None, "it goes to a lot, but comes from none"),
        (
            body.to_lot not in (None, body.lot) and effects.create_resource != "optionalTo",
            "it has one lot only",
        ),
        (
            body.to_lot not in (None, body.lot) and body.action in _WITHIN_A_LOT,
            "rights alone, or custody alone, pass within one lot",
        ),
        (body.input_of is not None and "nput" not in effects.input_output, "it is no input"),
        (body.output_of is not None and "output" not in effects.input_output, "it is no output"),
        (body.quantity is not None and effects.event_quantity == "effort", "it has an effort only"),
        (
            body.effort is not None and effects.event_quantity == "resource",
            "it has no effort, only a quantity",
        ),
        (body.quantity is None and body.effort is None, "it has neither quantity nor effort"),
        (body.container is not None and not effects.contained, "it has nothing to do with one"),
        (not all(map(_is_countable, (body.quantity, body.effort))), "its amount is out of range"),
        (body.container is not None and body.lot is None, "nothing is put in or taken out"),
        (
            _passes_custody_alone(body, effects) and not _says_whereto(body, effects),
            "it does not say what it goes into or comes out of",
        ),
        (INSIDE in (body.provider, body.receiver), "nobody is inside"),
        (_stays_where_it_is(body), "it comes from where it goes"),
        (not _is_stated(body), "its uncertainty or its mass is out of range"),
    )
    return next((found for is_so, found in checks if is_so), None)


def _is_countable(amount: Amount | None) -> bool:
    return amount is None or 0 <= amount.units <= LARGEST_MG


def _passes_custody_alone(body: EventHappened, effects: Effects) -> bool:
    is_alone = effects.onhand in ("increment", "decrement") and not effects.accounting
    return is_alone and body.lot is not None


def _says_whereto(body: EventHappened, effects: Effects) -> bool:
    # Otherwise it could come out of one thing, and count as being in another still.
    if effects.contained:
        return body.container is not None
    return body.input_of is not None or body.output_of is not None


def _stays_where_it_is(body: EventHappened) -> bool:
    if body.action in _BETWEEN_TWO and body.to_lot in (None, body.lot) and body.lot is not None:
        return body.provider == body.receiver
    is_at_the_edge = body.provider in BOUNDARY or body.receiver in BOUNDARY
    return is_at_the_edge and any(leg.giver == leg.receiver for leg in event_legs(body))


def _is_stated(body: EventHappened) -> bool:
    # Nobody weighs less surely than not at all.
    most_units = LARGEST_MG if body.quantity is None else body.quantity.units
    mass_mg = None if body.made is None else body.made.mass_mg
    return (body.uncertainty_units is None or 0 <= body.uncertainty_units <= most_units) and (
        mass_mg is None or 0 <= mass_mg <= LARGEST_MG
    )


def _judge_lots(body: EventHappened, facts: Facts, *, is_correction: bool) -> None:
    made = body.made
    if made is not None and not is_correction and facts.kind_of(made.lot) is not None:
        raise LotThere(lot=made.lot)
    kinds = {}
    for lot in (body.lot, body.to_lot):
        if lot is None:
            continue
        is_made = made is not None and made.lot == lot
        known = (made.material, made.base_unit) if made and is_made else facts.kind_of(lot)
        if known is None:
            raise LotUnknown(lot=lot)
        kinds[lot] = known
        if body.quantity is not None:
            _judge_unit(lot, body.quantity, known[1])
        if body.action == "copy" and known[1] == MILLIGRAM:
            raise EventSenseless(action=body.action, found="what is weighed cannot be copied")
    if len(set(kinds.values())) > 1:
        assert body.lot is not None and body.to_lot is not None, "two kinds are of two lots"
        raise MaterialChanged(lot=body.lot, to_lot=body.to_lot)
    if body.effort is not None and base_of(body.effort.unit)[0] != SECOND:
        raise EventSenseless(action=body.action, found="its effort is not in a unit of time")


def _judge_unit(lot: LotId, amount: Amount, base: BaseUnit) -> None:
    if base_of(amount.unit)[0] != base:
        raise UnitMismatch(lot=lot, unit=amount.unit, base=base)


def _judge_coming_back(body: EventHappened, effects: Effects, facts: Facts) -> None:
    """What comes back by custody alone must have gone into the same process before."""
    comes_back = effects.onhand == "increment" and not effects.accounting
    if not (comes_back and body.output_of and body.lot and effects.pairs_with and body.quantity):
        return
    inside_units = facts.total(process_name(body.output_of), "inside", body.lot)
    if body.quantity.units > inside_units:
        raise GivenBackTooMuch(lot=body.lot, units=body.quantity.units, inside_units=inside_units)
