"""Handling: what is done with some of a material, as Codes look at it, from entries and plans."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from bioloom.ledger.codes.lying import areas_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, Point, SiteId, great_circle_km


class Handling(NamedTuple):
    """One thing done with some of a material; what nobody said is empty, or none.

    Attributes:
        action: An action of Valueflows.
        provider: Who gives; `receiver`: who gets. They are the same where nobody else has a part.
        lot: Of which lot; a flow of a plan is of no lot yet.
        origin: The district or site that it comes from.
        site: The site that it goes to, or at which it is done.
        mass_mg: How much [mg]; none where it is counted in something else.
        way_km: How far it goes, as the crow flies [km].
        process: What the site does; `areas`: the districts and mapped areas that it lies in.
    """

    action: str
    provider: str
    receiver: str
    lot: str
    material: MaterialId
    group: GroupId
    origin: str
    site: str
    mass_mg: int | None
    way_km: float | None
    day: date
    process: str
    areas: frozenset[str]


class Places:
    """The places of a city by who stands for them."""

    def __init__(self, declared: Declared) -> None:
        """Look through a city's places once."""
        self._declared = declared
        self._of_agent: defaultdict[str, list[str]] = defaultdict(list)
        for district, told in declared.districts.items():
            self._of_agent[told.commons].append(district)
        for site, place in declared.sites.items():
            self._of_agent[place.operator].append(site)
        self._areas: dict[str, frozenset[str]] = {}
        self._ways_km: dict[tuple[str, str], float | None] = {}

    def flow(self, flow: Flow, day: date) -> Handling:
        """A flow of a plan: a transfer from the commons of a district to the operator of a site."""
        return self.moved(flow.district, flow.material, flow.site, day, mass_mg=flow.mass_mg)

    def moved(
        self,
        origin: str,
        material: MaterialId,
        site: SiteId,
        day: date,
        *,
        mass_mg: int | None = None,
    ) -> Handling:
        """A transfer from a district or site to a site, from who stands for the one to the other's.

        Args:
            origin: The district or site.
            material: What of.
            site: Where to.
            day: When.
            mass_mg: How much, where that is known.
        """
        district = self._declared.districts.get(DistrictId(origin))
        return Handling(
            action="transfer",
            provider=self._declared.sites[SiteId(origin)].operator
            if district is None
            else district.commons,
            receiver=self._declared.sites[site].operator,
            lot="",
            material=material,
            group=self._group(material),
            origin=origin,
            site=site,
            mass_mg=mass_mg,
            way_km=self._way_km(origin, site),
            day=day,
            process=self._declared.sites[site].process,
            areas=self._areas_of(site),
        )

    def event(
        self, body: EventHappened, material: MaterialId, *, mass_mg: int | None, day: date
    ) -> Handling:
        """An economic event. Where it happens is told by the event, or by the lot that it makes.

        Where neither tells, it is the one place for which its receiver stands, if it is one.
        """
        made = body.made.place if body.made is not None else None
        goes_to = body.to_place or made or self._only_place(body.receiver)
        comes_from = self._only_place(body.provider)
        site = self._declared.sites.get(SiteId(goes_to))
        return Handling(
            action=body.action,
            provider=body.provider,
            receiver=body.receiver,
            lot=body.lot or "",
            material=material,
            group=self._group(material),
            origin=comes_from,
            site="" if site is None else site.site,
            mass_mg=mass_mg,
            way_km=self._way_km(comes_from, goes_to),
            day=day,
            process="" if site is None else site.process,
            areas=frozenset() if site is None else self._areas_of(site.site),
        )

    def _group(self, material: MaterialId) -> GroupId:
        told = self._declared.materials.get(material)
        return GroupId("") if told is None else told.group

    def _areas_of(self, site: SiteId) -> frozenset[str]:
        if site not in self._areas:
            self._areas[site] = areas_of(self._declared, site)
        return self._areas[site]

    def _only_place(self, agent: str) -> str:
        places = self._of_agent.get(agent, [])
        return places[0] if len(places) == 1 else ""

    def _point(self, place: str) -> Point | None:
        told = self._declared.sites.get(SiteId(place)) or self._declared.districts.get(
            DistrictId(place)
        )
        return None if told is None else told.point

    def _way_km(self, origin: str, site: str) -> float | None:
        if (origin, site) not in self._ways_km:
            begin, end = self._point(origin), self._point(site)
            way_km = None if begin is None or end is None else great_circle_km(begin, end)
            self._ways_km[origin, site] = way_km
        return self._ways_km[origin, site]
