"""`bioloom combine` and `bioloom separate`: several lots become one, or one becomes several."""

from decimal import Decimal, InvalidOperation
from pathlib import Path

from bioloom.doors.acting import acting_as
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.doors.giving import regrouping
from bioloom.doors.recording import Became
from bioloom.vocabulary.amounts import Amount, read_amount
from bioloom.vocabulary.lots import LotId


def combine(
    folder: Path, into: str, *lots: str, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Put all that is left of several lots of one material into a new lot, exactly.

    Example: bioloom combine verdiva heap-7 verdiva:gift-1 verdiva:gift-2

    Parameters
    ----------
    folder
        The city's folder.
    into
        The name of the new lot.
    lots
        The lots that go into it, all of one owner who holds them.
    as_
        The agent who does it; the steward unless given.
    as_json
        Print what became of each as JSON.
    """
    with open_city(folder) as city:
        became = regrouping.combine(
            city, LotId(into), list(map(LotId, lots)), author=acting_as(city, as_)
        )
    _tell(f"{into} is made of {len(became)} lots", became, as_json=as_json)


def separate(
    folder: Path, lot: str, *parts: str, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Make parts of a lot lots of their own, exactly; the rest stays in it.

    Example: bioloom separate verdiva heap-7 bag-1="12.5 kg" bag-2="3 kg"

    Parameters
    ----------
    folder
        The city's folder.
    lot
        The lot.
    parts
        Each new lot's name, and how much goes into it.
    as_
        The agent who does it; the steward unless given.
    as_json
        Print what became of each as JSON.
    """
    amounts = dict(_part(lot, part) for part in parts)
    if len(amounts) < len(parts):
        raise regrouping.NotRegrouped(lot=LotId(lot), found="a part is named twice")
    with open_city(folder) as city:
        became = regrouping.separate(city, LotId(lot), amounts, author=acting_as(city, as_))
    _tell(f"Parts of {lot}: {len(became)}", became, as_json=as_json)


def _part(lot: str, part: str) -> tuple[LotId, Amount]:
    name, _, amount = part.rpartition("=")
    number, _, unit = amount.strip().partition(" ")
    try:
        reported = Decimal(number)
    except InvalidOperation:
        reported = Decimal(0)
    if not name or not unit or reported <= 0:
        found = f"'{part[:60]}' is no part such as bag-1=\"3 kg\""
        raise regrouping.NotRegrouped(lot=LotId(lot), found=found)
    return LotId(name), read_amount(reported, unit.strip())[0]


def _tell(title: str, became: list[Became], *, as_json: bool) -> None:
    if as_json:
        print_json(became)
        return
    rows = [[one.key, one.outcome, str(one.seq or "")] for one in became]
    out().print(table(title, ["key", "outcome", "#entry"], rows))
