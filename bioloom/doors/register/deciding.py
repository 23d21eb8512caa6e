"""Deciding in a city who may do what: judged on the record as it is, and recorded on no other."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from bioloom.doors.compose import City, now
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import THE_CITY, About, may
from bioloom.ledger.people.roles import Act
from bioloom.ledger.record.journal import RecordMovedOn
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.periods import Instant

# A busy record moves on while somebody decides; each time it is decided anew.
_TRIES = 50


def see_that_may(
    city: City, actor: AgentId, act: Act, about: About = THE_CITY, *, at: Instant | None = None
) -> None:
    """Return if an agent may do something in a city, now or when it is recorded.

    Raises:
        NotPermitted: If nothing in the record permits it.
    """
    may(actor, act, about, people_of(city.journal), at=at or now())


def decide(
    city: City,
    by: AgentId,
    deciding: Callable[[Deed], Sequence[Draft[Any]]],
    *,
    occurred_at: Instant | None = None,
    clock: Callable[[], Instant] = now,
) -> list[Entry[Any]]:
    """Let somebody decide about people, and record it: all of it, or nothing.

    Two decisions at one moment rest on each other: of two stewards who each withdraw the other's
    role, the later one is judged as who has none any more.

    Args:
        city: An open city.
        by: Who decides.
        deciding: Any deciding functions of `ledger/people`, or several.
        occurred_at: Since when it is to be so; now unless given.
        clock: What time it is.

    Raises:
        RecordMovedOn: If the record goes on faster than anybody can decide.
        Refusal: If the decision is refused.
    """
    known, tries = None, 0
    while True:
        at, decided_at = clock(), city.journal.head().seq
        known = people_of(city.journal, known)
        drafts = deciding(Deed(by=by, people=known, at=at, occurred_at=occurred_at))
        try:
            return city.journal.record(drafts, recorded_at=at, decided_at=decided_at)
        except RecordMovedOn:
            tries += 1
            if tries == _TRIES:
                raise


def decide_once(
    city: City,
    by: AgentId,
    deciding: Callable[[Deed], Draft[Any]],
    *,
    occurred_at: Instant | None = None,
    clock: Callable[[], Instant] = now,
) -> Entry[Any]:
    """As `decide`, of one thing: said before, it is the entry that there is, by whomever.

    Raises:
        As `decide`.
    """

    def once(deed: Deed) -> list[Draft[Any]]:
        draft = deciding(deed)
        known = city.journal.current([draft.idempotency_key]).get(draft.idempotency_key)
        if known is None or known.body != draft.body:
            return [draft]
        return [msgspec.structs.replace(draft, occurred_at=known.occurred_at, author=known.author)]

    [entry] = decide(city, by, once, occurred_at=occurred_at, clock=clock)
    return entry
