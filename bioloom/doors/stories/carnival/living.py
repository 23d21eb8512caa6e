"""Living: the weeks before the Carnival, day by day, recorded as any city's days are."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from bioloom.doors.compose import City
from bioloom.doors.stories.carnival import people, places
from bioloom.doors.stories.carnival.calendar import WEEKS
from bioloom.doors.stories.carnival.giving import SOURCE, Giving
from bioloom.doors.stories.carnival.owing import contracts, take_back
from bioloom.doors.stories.carnival.people import Household
from bioloom.doors.stories.carnival.places import Neighbourhood
from bioloom.doors.stories.carnival.working import Working
from bioloom.doors.stories.days import days_of
from bioloom.doors.stories.recording import record_day
from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant, Period

SEED = 18


def live(
    city: City,
    *,
    seed: int = SEED,
    first: date = WEEKS.first,
    told: Callable[[date], None] = lambda _: None,
) -> None:
    """Record the Carnival's places and people, and the weeks until its opening.

    Args:
        city: The city, founded before its first day.
        seed: The same seed gives the same record.
        first: The first day; a later one gives a shorter record.
        told: Called with each day that is recorded.
    """
    neighbourhoods = places.neighbourhoods(seed)
    households = people.households(neighbourhoods, seed)
    days = list(days_of(Period(first=first, last=WEEKS.last)))
    founded_at = days[0].at(0)
    city.journal.record(
        list(_founding(neighbourhoods, households, city.settings.steward, founded_at, seed)),
        recorded_at=founded_at,
    )
    declared = city.journal.declared()
    giving = Giving(neighbourhoods, households, declared, seed)
    working = Working(declared, seed)
    for day in days:
        drafts = [*giving.day(day), *working.day(day, giving.brought), *take_back(giving.sent, day)]
        record_day(city, drafts, recorded_at=day.at(23 * 60))
        told(day.date)


def _founding(
    neighbourhoods: Sequence[Neighbourhood],
    households: Sequence[Household],
    author: AgentId,
    at: Instant,
    seed: int,
) -> Iterator[Draft[Any]]:
    """The declarations that the weeks begin with."""
    bodies = [
        *((f"{SOURCE}:material:{one.material}", one) for one in places.materials()),
        *((f"{SOURCE}:district:{one.body.district}", one.body) for one in neighbourhoods),
        *((f"{SOURCE}:site:{one.site}", one) for one in places.sites()),
        *((f"{SOURCE}:process:{one.specification}", one) for one in places.specifications()),
        *((f"agent:{one.agent}", one) for one in people.agents(households)),
        *((f"role:{one.agent}:{one.role}:{one.scope}", one) for one in people.roles()),
    ]
    for key, body in bodies:
        yield declare(body, key=key, author=author, at=at)
    for joined in people.memberships(neighbourhoods, households):
        key = f"member:{joined.member}:{joined.group}"
        yield declare(joined, key=key, author=joined.member, at=at)
    yield from contracts(neighbourhoods, author, at)
    for one in people.keys(seed):
        yield declare(one, key=f"key:{one.public_key}", author=one.agent, at=at)
