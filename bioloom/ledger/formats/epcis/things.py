"""Things: the objects and amounts of classes that an event is about, as lots and amounts."""

from dataclasses import dataclass
from decimal import Decimal

from bioloom.ledger.formats.epcis.keys import canonical_key
from bioloom.ledger.formats.linked.strict import Tree
from bioloom.vocabulary.amounts import Amount, BaseUnit, read_amount
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal

# UN/CEFACT Recommendation 20, as far as the record can count it.
_UNITS = {
    "KGM": "kg",
    "GRM": "g",
    "MGM": "mg",
    "TNE": "t",
    "LBR": "lb",
    "STN": "short_ton",
    "LTN": "long_ton",
    "LTR": "l",
    "MLT": "ml",
    "MTQ": "m3",
    "H87": "piece",
    "EA": "piece",
    "C62": "piece",
}
UNIT_CODES = {unit: code for code, unit in reversed(_UNITS.items())}


class UnitUncounted(Refusal):
    """A quantity in a unit that the record does not count."""

    def __init__(self, *, unit: str) -> None:
        self.unit = unit
        super().__init__(
            what=f"A quantity in '{unit}' cannot be counted.",
            why="The record counts masses, volumes, times and pieces.",
            remedy=f"Send it in one of {', '.join(_UNITS)}.",
        )


class QuantityMissing(Refusal):
    """A class of objects that moves without saying how much of it."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"The event does not say how much of '{name}' there is.",
            why="What is not counted cannot be accounted for.",
            remedy="Send its quantity, and its unit if it is not counted in pieces.",
        )


@dataclass(frozen=True, slots=True)
class Thing:
    """An object or so much of a class."""

    lot: LotId
    amount: Amount
    base_unit: BaseUnit


def of_object(epc: str) -> Thing:
    """One serialised object."""
    amount, base_unit = read_amount(Decimal(1), "piece")
    return Thing(LotId(canonical_key(epc)), amount, base_unit)


def of_class(element: Tree) -> Thing:
    """So much of a class.

    Raises:
        QuantityMissing: If it does not say how much.
        UnitUncounted: If nobody counts in its unit.
        AmountUncountable: If it is too large, or a part of a piece.
    """
    name, unit = canonical_key(str(element["epcClass"])), element.get("uom")
    if element.get("quantity") is None:
        raise QuantityMissing(name=name)
    if unit is not None and unit not in _UNITS:
        raise UnitUncounted(unit=str(unit))
    known = "piece" if unit is None else _UNITS[str(unit)]
    amount, base_unit = read_amount(Decimal(element["quantity"]), known)
    return Thing(LotId(name), amount, base_unit)


def class_of(lot: LotId) -> str:
    """What an object is of: its key without serial and lot numbers."""
    parts = lot.split("/")
    keyed = lot.startswith("https://id.gs1.org/") and len(parts) > 5
    return "/".join(parts[:5]) if keyed else lot
