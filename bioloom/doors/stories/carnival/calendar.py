"""The calendar of the Carnival: the weeks before it, its days, and what falls due when."""

from datetime import date

from bioloom.vocabulary.periods import Instant, Period

TIMEZONE = "UTC"
# What the communities log before the Carnival opens.
WEEKS = Period(first=date(2025, 8, 18), last=date(2025, 10, 3))
# The last day of the contracts with the company; what it holds by then is to come back.
CONTRACTS_END = date(2025, 9, 30)
GIVEN_BACK_BY = date(2025, 10, 7)
# The Carnival opens on a Saturday morning, and the city's clock stands still until it is played.
OPENING = date(2025, 10, 4)
STANDS_AT = Instant("2025-10-04T08:00:00.000Z")
# The last scene, on which the clock of a city stands in which it was played.
ENDS_AT = Instant("2025-10-14T09:00:00.000Z")
