"""The rhythm of Verdiva's year: its plans and its storm."""

from datetime import date, timedelta
from typing import NamedTuple

from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.places import SiteId

YEAR = Period(first=date(2025, 1, 1), last=date(2025, 12, 31))
TIMEZONE = "UTC"
# From here on the assembly lets the circuits plan each week; before, each load went where the
# district's rounds had always brought it, the nearest site with room.
PLANNED_FROM = date(2025, 10, 5)
# Looking for reasons takes longer than planning: it is done when people ask for them, before the
# storm, in it, and at the year's end.
EXPLAINED = (date(2025, 11, 16), date(2025, 11, 23), date(2025, 12, 28))
# A plan is for the days from Thursday to Wednesday; it is made on the Sunday between them.
PLANNING_WEEKDAY = 6
PLANNING_MINUTE = 20 * 60
# The clock of this made-up city stands still at noon of its last day: what the afternoon would have
# brought has not happened, and waits for hands.
STANDS_AT = Instant("2025-12-31T12:00:00.000Z")


class Storm(NamedTuple):
    """The technobiological storm: which sites are out, from its first day until their return."""

    first: date
    back: date
    sites: tuple[SiteId, ...]

    def hits(self, site: SiteId, day: date) -> bool:
        """Whether a site is out on a day."""
        return site in self.sites and self.first <= day < self.back


STORM = Storm(date(2025, 11, 18), date(2025, 11, 28), (SiteId("digester"), SiteId("sorting_quay")))


def planned_period(sunday: date) -> Period:
    """The week that is planned on a Sunday: Thursday before it to Wednesday after it."""
    return Period(first=sunday - timedelta(days=3), last=sunday + timedelta(days=3))
