"""Changing: what if something were otherwise, as people type it and as a plan is made from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

import numpy as np

from bioloom.circuits.codes.governing import pose_under
from bioloom.circuits.explaining.questions.answers import Change
from bioloom.circuits.explaining.trials import PosedUnder
from bioloom.circuits.layout.bonds import Bound
from bioloom.circuits.posing import Node, Problem, SiteUnknown
from bioloom.ledger.codes.standing import Provision
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

# What if is about tonnes that could be; a city that handles more than this a month is none.
_MOST_T = 1_000_000_000


class WhatIfUnread(Refusal):
    """A what if that nobody can read."""

    def __init__(self, *, said: str, found: str) -> None:
        self.said, self.found = said, found
        super().__init__(
            what=f"'{said[:80]}' cannot be tried: {found}.",
            why="A plan is made for exactly what is asked.",
            remedy="Write down=SITE, room=SITE:TONNES, offer=DISTRICT/MATERIAL:TONNES or "
            "send=DISTRICT/GROUP:SITE:TONNES.",
        )


def read_change(said: str, declared: Declared) -> Change:
    """What somebody types after --what-if.

    Raises:
        WhatIfUnread: If it is none of the forms, or names what is not declared.
        SiteUnknown: If it names a site that is not.
    """
    verb, _, rest = said.partition("=")
    match verb, _split_right(rest):
        case "down", _ if rest:
            return Change(kind="closed", site=_site(rest, declared))
        case "room", [site, tonnes]:
            return Change(
                kind="more_room", site=_site(site, declared), mass_mg=_mass_mg(said, tonnes)
            )
        case "offer", [node, tonnes]:
            district, material = _pair(said, node, declared)
            if district not in declared.districts or material not in declared.materials:
                raise WhatIfUnread(said=said, found=f"'{node}' is no district and material")
            return Change(
                kind="more_offered",
                district=DistrictId(district),
                material=MaterialId(material),
                group=declared.materials[MaterialId(material)].group,
                mass_mg=_mass_mg(said, tonnes),
            )
        case "send", [way, tonnes] if ":" in way:
            cell, site = way.rsplit(":", 1)
            district, group = _pair(said, cell, declared)
            if district not in declared.districts:
                raise WhatIfUnread(said=said, found=f"there is no district '{district}'")
            return Change(
                kind="sent",
                district=DistrictId(district),
                group=GroupId(group),
                site=_site(site, declared),
                mass_mg=_mass_mg(said, tonnes),
            )
    raise WhatIfUnread(said=said, found="it has none of the forms there are")


@dataclass(frozen=True, slots=True)
class Changes:
    """Several changes, as a plan takes them in."""

    made: Sequence[Change] = ()

    @property
    def closed(self) -> tuple[SiteId, ...]:
        """The sites that are closed."""
        return tuple(one.site for one in self.made if one.kind == "closed" and one.site)

    def posing(
        self,
        declared: Declared,
        offered_mg: Mapping[Node, int],
        period: Period,
        in_force: tuple[Flow, ...],
        under_way: tuple[Flow, ...],
        *,
        bound: Bound | None = None,
    ) -> PosedUnder:
        """What makes the problem of a period as `pose_under` does, with all that is otherwise.

        It takes the rules of Codes and the sites to leave out; those that are closed are to be
        among them. It raises WhatIfUnread if what is to be sent cannot be there.
        """
        offered = self._offered(offered_mg)

        def posed(
            rules: Sequence[Provision] = (),
            *,
            without: Collection[SiteId],
            otherwise: Declared | None = None,
        ) -> Problem:
            return self._changed(
                pose_under(
                    otherwise or declared,
                    offered,
                    period,
                    rules,
                    without=without,
                    in_force=in_force,
                    under_way=under_way,
                    bound=bound,
                )
            )

        return posed

    def _offered(self, offered_mg: Mapping[Node, int]) -> dict[Node, int]:
        """What is offered, with what is offered besides."""
        offered = dict(offered_mg)
        for one in self.made:
            if one.kind == "more_offered" and one.district and one.material:
                node = one.district, one.material
                offered[node] = offered.get(node, 0) + one.mass_mg
        return offered

    def _changed(self, problem: Problem) -> Problem:
        """A whole problem with more room, and with what is sent under way.

        Raises:
            WhatIfUnread: If what is to be sent cannot be there.
        """
        for one in self.made:
            if one.kind == "more_room":
                here = np.array([site == one.site for site in problem.sites], dtype=np.bool_)
                room_mg = np.where(here, one.mass_mg, 0)
                problem = replace(problem, capacity_mg=problem.capacity_mg + room_mg)
            if one.kind == "sent":
                problem = _sent(problem, one)
        return problem


NO_CHANGES = Changes()


def _sent(problem: Problem, change: Change) -> Problem:
    """Put some mass of a group under way to a site, from the materials of which there is most."""
    floor_mg = problem.floor_mg if problem.floor_mg.size else np.zeros_like(problem.arc_node)
    floor_mg = floor_mg.copy()
    cells = [(district, group) for district, group in problem.cells]
    cell = change.district, change.group
    ways = [
        arc
        for arc in np.flatnonzero(problem.cell_of_arc >= 0)
        if cells[problem.cell_of_arc[arc]] == cell
        and problem.sites[problem.arc_intake[arc]] == change.site
    ]
    missing_mg = change.mass_mg
    for arc in sorted(ways, key=lambda arc: -problem.supply_mg[problem.arc_node[arc]]):
        here_mg = min(missing_mg, int(problem.supply_mg[problem.arc_node[arc]] - floor_mg[arc]))
        floor_mg[arc] += here_mg
        missing_mg -= here_mg
    if missing_mg:
        said = f"send={change.district}/{change.group}:{change.site}"
        raise WhatIfUnread(
            said=said, found="so much of it is not offered, or it is not taken there"
        )
    return replace(problem, floor_mg=floor_mg)


def _split_right(rest: str) -> list[str]:
    """What comes before the last colon, and what after it."""
    return rest.rsplit(":", 1)


def _pair(said: str, text: str, declared: Declared) -> tuple[str, str]:
    """A district and what comes after the slash behind it; its id may hold others."""
    parts = text.split("/")
    if len(parts) == 1:
        raise WhatIfUnread(said=said, found=f"'{text}' names no two things with a '/' between them")
    pairs = [("/".join(parts[:at]), "/".join(parts[at:])) for at in range(1, len(parts))]
    return next((pair for pair in pairs if pair[0] in declared.districts), pairs[0])


def _site(name: str, declared: Declared) -> SiteId:
    if name not in declared.sites:
        raise SiteUnknown(site=name, known=declared.sites)
    return SiteId(name)


def _mass_mg(said: str, tonnes: str) -> int:
    try:
        mass_t = Decimal(tonnes)
    except InvalidOperation:
        raise WhatIfUnread(said=said, found=f"'{tonnes}' is no number of tonnes") from None
    if not (mass_t.is_finite() and 0 < mass_t <= _MOST_T):
        raise WhatIfUnread(said=said, found=f"{tonnes} t is no mass above zero that a city has")
    return int((mass_t * MG_PER_TONNE).to_integral_value())
