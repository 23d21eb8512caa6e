"""`bioloom totals`: running totals of agents and places."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bioloom.doors.answers.totals import AgentTotal, PlaceTotal, TotalsTold, tell_totals
from bioloom.doors.cli.printing import DONE, WANTING, AsJson, err, out, print_json, table, tonnes
from bioloom.doors.compose import open_city
from bioloom.ledger.snapshots.totalling import TotalsFold
from bioloom.vocabulary.amounts import MILLIGRAM


def totals(
    folder: Path,
    *,
    agent: str | None = None,
    place: str | None = None,
    material: str | None = None,
    recount: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
) -> int:
    """Say what agents and places got, gave and have, from totals that are kept running.

    Example: bioloom totals nyc --agent commons:101

    Parameters
    ----------
    folder
        The city's folder.
    agent
        Only what this agent got, gave and has.
    place
        Only what came from this place, month by month.
    material
        Only this material.
    recount
        Count from the first entry, not from the snapshot; exit with 1 if the two differ.
    as_json
        Print the totals as JSON, in whole base units.
    """
    with open_city(folder) as city:
        fold = TotalsFold(city.settings.zone)
        same = city.snapshots.recount(fold) if recount else True
        state, seq = city.snapshots.state_at(fold)
    told = tell_totals(state, seq=seq, agent=agent, place=place, material=material)
    if as_json:
        print_json(told)
    else:
        _print(told)
    if not same:
        err().print("The snapshot said otherwise; it is mended now.")
    return DONE if same else WANTING


def _print(told: TotalsTold) -> None:
    console = out()
    columns = ["agent", "material", "#got", "#gave", "#owns", "#holds", "in"]
    if told.agents:
        console.print(table("By agent", columns, map(_agent_cells, told.agents)))
    columns = ["month", "place", "material", "#came", "#went", "#left", "in"]
    if told.places:
        console.print(table("By place and month", columns, map(_place_cells, told.places)))
    if not told.agents and not told.places:
        console.print("Nothing has moved of that.")


def _agent_cells(of: AgentTotal) -> list[str]:
    counted = (of.rights_in_units, of.rights_out_units, of.rights_units, of.custody_units)
    return [of.agent, of.material, *_amounts(counted, of.base_unit)]


def _place_cells(of: PlaceTotal) -> list[str]:
    counted = (of.in_units, of.out_units, of.left_units)
    return [f"{of.month:%Y-%m}", of.place, of.material, *_amounts(counted, of.base_unit)]


def _amounts(units: tuple[int, ...], base_unit: str) -> list[str]:
    if base_unit == MILLIGRAM:
        return [*map(tonnes, units), "t"]
    return [*(f"{amount:,}" for amount in units), base_unit]
