"""When things happen in the storm that is played, and which days its plans are for."""

from datetime import date, timedelta

from bioloom.doors.stories.verdiva.rhythm import planned_period
from bioloom.vocabulary.periods import Instant

# The evening before: the week's plan is adopted.
EVE = date(2025, 11, 16)
WEEK = planned_period(EVE)
# Sites fail before this day's trucks leave, one after another, and come back on the last one.
STRIKES = date(2025, 11, 17)
BACK = date(2025, 11, 28)
# The Code of the storm is in force in the week that is planned while the sites are out.
EMERGENCY = planned_period(date(2025, 11, 23))
ENDS = date(2025, 12, 17)
STANDS_AT = Instant(f"{EVE}T21:00:00.000Z")
# A record of some weeks before it: plans, sites and yards are busy.
BEGINS = EVE - timedelta(weeks=4)
