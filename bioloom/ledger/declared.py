"""What has been declared so far: the fold of every declaration, corrections included."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bioloom.ledger.disruptions.disrupted import DISRUPTING, Disruptions
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.ledger import (
    AgentDeclared,
    AreaDeclared,
    CityFounded,
    DistrictDeclared,
    MaterialDeclared,
    SiteDeclared,
    VehiclesDeclared,
)
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.wastes.listing import ListedWaste, waste_or_none

DECLARATIONS = (
    "CityFounded",
    "AgentDeclared",
    "MaterialDeclared",
    "DistrictDeclared",
    "AreaDeclared",
    "SiteDeclared",
    "VehiclesDeclared",
    *DISRUPTING,
)


@dataclass(slots=True, kw_only=True)
class Declared:
    """A city's districts, areas, sites, vehicles, materials and agents, as of now."""

    founded: CityFounded | None = None
    agents: dict[AgentId, str] = field(default_factory=dict)
    materials: dict[MaterialId, MaterialDeclared] = field(default_factory=dict)
    districts: dict[DistrictId, DistrictDeclared] = field(default_factory=dict)
    areas: dict[str, AreaDeclared] = field(default_factory=dict)
    sites: dict[SiteId, SiteDeclared] = field(default_factory=dict)
    vehicles: dict[str, VehiclesDeclared] = field(default_factory=dict)
    # What stands in the way of using them.
    disruptions: Disruptions = field(default_factory=Disruptions)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; a later declaration of the same thing replaces the earlier."""
        match entry.body:
            case CityFounded() as city:
                self.founded = city
            case AgentDeclared() as agent:
                self.agents[agent.agent] = agent.name
            case MaterialDeclared() as material:
                self.materials[material.material] = material
            case DistrictDeclared() as district:
                self.districts[district.district] = district
                self.agents[district.commons] = district.name
            case AreaDeclared() as area:
                self.areas[area.area] = area
            case SiteDeclared() as site:
                self.sites[site.site] = site
                self.agents[site.operator] = site.name
            case VehiclesDeclared() as vehicles:
                self.vehicles[vehicles.vehicles] = vehicles
            case body:
                self.disruptions.fold(body)


def waste_of(declared: Declared, material: MaterialId) -> ListedWaste | None:
    """What the List of Waste says of a material, where its declaration names a code."""
    told = declared.materials.get(material)
    return None if told is None else waste_or_none(told.low_code)


def declared_by(entries: Iterable[Entry[Any]]) -> Declared:
    """Fold entries in the order of the record."""
    declared = Declared()
    for entry in entries:
        declared.fold(entry)
    return declared
