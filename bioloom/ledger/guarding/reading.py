"""Reading: the mass of what arrives or is handed on is what was reported of it."""

from decimal import Decimal, InvalidOperation

from bioloom.ledger.transferring import TransferSenseless
from bioloom.vocabulary.amounts import PIECE, AmountMisread, AmountUnitUnknown, base_of
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.quantities import MASS_UNITS_MG, mass_mg


def judge_arrival(body: LotArrived) -> None:
    """See that what arrives weighs what was reported, where that was a mass.

    What people count by the bucket or the piece is estimated by whoever takes it in, and says so;
    a volume, a time or a sum of money is never turned into a mass.

    Raises:
        AmountMisread: If its mass is another.
        MassOutOfRange: If it is negative or beyond 2^53 - 1 mg.
    """
    if body.unit in MASS_UNITS_MG:
        try:
            counted = mass_mg(Decimal(body.reported), body.unit)
        except InvalidOperation as unreadable:
            raise _misread(body, "that is no number") from unreadable
        if counted != body.mass_mg:
            raise _misread(body, f"it weighs {counted} mg")
    elif _measures_something_else(body.unit):
        raise _misread(body, "that is no mass")


def judge_transfer(body: LotTransferred) -> None:
    """See that a transfer goes from one agent to another.

    Raises:
        TransferSenseless: If it does not.
    """
    if body.giver == body.receiver:
        raise TransferSenseless(lot=body.lot, why=f"'{body.giver}' is both giver and receiver.")


def _measures_something_else(unit: str) -> bool:
    try:
        return base_of(unit)[0] != PIECE
    except AmountUnitUnknown:
        return False  # A bucket, a bag: whoever takes it in says what it stands for.


def _misread(body: LotArrived, found: str) -> AmountMisread:
    return AmountMisread(reported=body.reported, unit=body.unit, units=body.mass_mg, found=found)
