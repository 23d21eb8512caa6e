"""Entries of assemblies: which commons decide together, and by which thresholds."""

from typing import NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.places import DistrictId

AssemblyId = NewType("AssemblyId", str)


class AssemblyDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A commons decides together from now on; told again, its thresholds are others from then on.

    Its electorate are the persons who belong to the commons by their own word.

    Attributes:
        places: The districts that it is about; none: all that its commons is about.
        petition_per_mille: A petition needs so many thousandths of the electorate of its start.
        quorum_per_mille: A decision needs so many thousandths of the electorate to take part.
        majority_per_mille: More than so many thousandths of those for and against must be for it.
        may_enact: Whether what it decides can be a Code of the whole city.
    """

    assembly: AssemblyId
    commons: AgentId
    title: str
    places: tuple[DistrictId, ...] = ()
    petition_per_mille: int = 20
    quorum_per_mille: int = 100
    majority_per_mille: int = 500
    may_enact: bool = False
