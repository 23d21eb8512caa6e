"""Answers about running totals: what `totals --json` prints."""

from datetime import date

import msgspec

from bioloom.ledger.snapshots.totals import Had, OfAgent, OfPlace, Passed, Totals
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.materials import MaterialId


class AgentTotal(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent got and gave of a material so far, and has now, by right and in hand."""

    agent: AgentId
    material: MaterialId
    base_unit: BaseUnit
    rights_in_units: int
    rights_out_units: int
    rights_units: int
    custody_in_units: int
    custody_out_units: int
    custody_units: int


class PlaceTotal(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a place's material in a month, what went, and what is left at its end."""

    # Its first day.
    month: date
    place: str
    material: MaterialId
    base_unit: BaseUnit
    in_units: int
    out_units: int
    left_units: int


class TotalsTold(msgspec.Struct, frozen=True, kw_only=True):
    """Running totals as of an entry."""

    seq: int
    agents: list[AgentTotal]
    places: list[PlaceTotal]


def tell_totals(
    totals: Totals,
    *,
    seq: int,
    agent: str | None = None,
    place: str | None = None,
    material: str | None = None,
) -> TotalsTold:
    """Running totals of all, or of one agent, place or material."""
    agents = [
        _of_agent(of, had)
        for of, had in sorted(totals.agents.items())
        if agent in (None, of.agent) and material in (None, of.material)
    ]
    left: dict[tuple[str, str, str], int] = {}
    places = []
    for of, passed in sorted(totals.places.items()):
        what = (of.place, of.material, of.base_unit)
        left[what] = left.get(what, 0) + passed.left_units
        if place in (None, of.place) and material in (None, of.material):
            places.append(_of_place(of, passed, left[what]))
    return TotalsTold(
        seq=seq,
        agents=agents if place is None or agent is not None else [],
        places=places if agent is None or place is not None else [],
    )


def _of_agent(of: OfAgent, had: Had) -> AgentTotal:
    return AgentTotal(
        agent=of.agent,
        material=of.material,
        base_unit=of.base_unit,
        rights_in_units=had.rights_in_units,
        rights_out_units=had.rights_out_units,
        rights_units=had.rights_units,
        custody_in_units=had.custody_in_units,
        custody_out_units=had.custody_out_units,
        custody_units=had.custody_units,
    )


def _of_place(of: OfPlace, passed: Passed, left_units: int) -> PlaceTotal:
    return PlaceTotal(
        month=of.month,
        place=of.place,
        material=of.material,
        base_unit=of.base_unit,
        in_units=passed.in_units,
        out_units=passed.out_units,
        left_units=left_units,
    )
