"""Asking: why something is as it is in a plan, and what would become of it."""

import msgspec
import numpy as np

from bioloom.circuits.explaining.passing import Corner, corners_of
from bioloom.circuits.explaining.questions.answers import Change, Found, Reason
from bioloom.circuits.explaining.questions.comparing import Compared, changes_nothing
from bioloom.circuits.explaining.questions.groups import Group
from bioloom.circuits.explaining.questions.sites import Site
from bioloom.circuits.explaining.trials import Trials
from bioloom.circuits.posing import Cell
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId


class Questions:
    """Questions about one plan. Each answer is tried before it is given."""

    def __init__(self, trials: Trials) -> None:
        self._trials = trials
        self._corners = [
            corner
            for number, part in enumerate(trials.parts)
            for corner in corners_of(number, part)
        ]

    def about_district(self, district: DistrictId) -> Found:
        """Why its worst served group is; where all is placed, why what goes farthest does."""
        corners = [corner for corner in self._corners if corner.district == district]
        if not corners:
            return Found(reason="nothing", district=district)
        short = [corner for corner in corners if corner.unmet_mg]
        if short:
            worst = min(short, key=lambda corner: (corner.service, -corner.unmet_mg, corner.group))
            found = self._why_short(worst)
            others = tuple(sorted(corner.group for corner in short if corner is not worst))
            return msgspec.structs.replace(found, also_short=others)
        _, corner, site = max(
            (self._farther(corner) for corner in corners), key=lambda way: (way[0], way[1].group)
        )
        return self._why_there(corner, site)

    def about_group(self, district: DistrictId, group: GroupId, goes_to: SiteId | None) -> Found:
        """Why some of a group of a district goes to a site, or nowhere."""
        corner = next(
            (one for one in self._corners if (one.district, one.group) == (district, group)), None
        )
        if corner is None:
            return Found(reason="nothing", district=district, group=group)
        return self._why_short(corner) if goes_to is None else self._why_there(corner, goes_to)

    def brings(self, district: DistrictId, group: GroupId, site: SiteId) -> bool:
        """Whether the plan brings some of a group of a district to a site."""
        for part in self._trials.parts:
            problem = part.problem
            for arc in np.flatnonzero((problem.cell_of_arc >= 0) & (part.flows_mg > 0)):
                cell = problem.cells[problem.cell_of_arc[arc]]
                if cell == (district, group) and problem.sites[problem.arc_intake[arc]] == site:
                    return True
        return False

    def about_site(self, site: SiteId) -> Found:
        """Why a site takes what it takes, and what rests on it."""
        return Site(self._trials, site).why()

    def unlike(self, then: Trials, change: Change, cells: list[Cell]) -> Found:
        """What a change does to the one of some groups that it does most to, or to all.

        Args:
            then: The plan with the change.
            change: What is otherwise.
            cells: The groups asked about.
        """
        compared = Compared(self._trials.parts, then.parts)
        asked: list[Cell | None] = [*cells] or [None]
        trials = [compared.trial(change, cell) for cell in asked]
        number = int(np.argmax([abs(one.then.service - one.before.service) for one in trials]))
        trial, cell = trials[number], asked[number]
        reason: Reason = "unchanged" if changes_nothing(trial) else "changed"
        return Found(
            reason=reason if trial.checked else "unproven",
            district=cell[0] if cell else None,
            group=cell[1] if cell else None,
            trials=(trial,),
        )

    def cells_of(self, district: DistrictId) -> list[Cell]:
        """The groups that a district offers."""
        return [(one.district, one.group) for one in self._corners if one.district == district]

    def _why_short(self, corner: Corner) -> Found:
        if not self._trials.parts[corner.part].verdict.checked:
            return _unproven(corner)
        return Group(self._trials, corner).why_short()

    def _why_there(self, corner: Corner, goes_to: SiteId) -> Found:
        if not self._trials.parts[corner.part].verdict.checked:
            return _unproven(corner)
        return Group(self._trials, corner).why_there(goes_to)

    def _farther(self, corner: Corner) -> tuple[float, Corner, SiteId]:
        """How much farther than the nearest its farthest goes in tonne-kilometres, and where."""
        part = self._trials.parts[corner.part]
        problem = part.problem
        goes = (problem.cell_of_arc == corner.cell) & (part.flows_mg > 0)
        reached = problem.cell_of_arc == corner.cell
        more_km = problem.arc_km - problem.arc_km[reached].min()
        worth = np.where(goes, part.flows_mg * more_km, -1.0)
        arc = int(np.argmax(worth))
        return float(worth[arc]), corner, problem.sites[problem.arc_intake[arc]]


def _unproven(corner: Corner) -> Found:
    return Found(reason="unproven", district=corner.district, group=corner.group)
