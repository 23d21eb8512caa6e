"""Bonds: what covenants bind of what is offered, and where it may go."""

from collections.abc import Mapping
from typing import NamedTuple

from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.entries.events import ReleaseId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId


class Bond(NamedTuple):
    """The covenants that bind some mass, and the releases by which it may go outside them."""

    covenants: tuple[CovenantId, ...] = ()
    releases: tuple[ReleaseId, ...] = ()


class BoundHeap(NamedTuple):
    """Some mass of a district's material that one bond holds, and the sites it may go to."""

    bond: Bond
    mass_mg: int
    sites: frozenset[SiteId]


# By district and material; what is not named is bound by nothing.
Bound = Mapping[tuple[DistrictId, MaterialId], tuple[BoundHeap, ...]]
UNBOUND = Bond()
