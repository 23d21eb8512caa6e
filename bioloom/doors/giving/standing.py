"""Standing for: in whose name somebody may fill in a form, and which forms they are offered."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.doors.giving.correcting import NotByHand, about_mending
from bioloom.doors.giving.labels import label_of_lot
from bioloom.ledger.declared import Declared
from bioloom.ledger.inventory import LotRow
from bioloom.ledger.people.people import Office, People
from bioloom.ledger.people.permitting import NotPermitted, may, stands_for
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import SiteId


def names_open_to(
    actor: AgentId, act: Act, people: People, *, declared: Declared, at: Instant
) -> list[AgentId]:
    """Themselves first, then all in whose name an agent may act, by name.

    Only agents they belong to or hold an office for are tried, unless theirs is the whole city.
    """
    offices = people.offices_of(actor, on=at)
    tried = set(people.groups_of(actor, on=at)) | {o.scope for o in offices if o.scope is not None}
    if Office("steward", None) in offices:
        tried |= set(declared.agents)
    others = [name for name in tried - {actor} if stands_for(actor, act, name, people, at=at)]
    others.sort(key=lambda name: (declared.agents.get(name, name), name))
    own = [actor] if stands_for(actor, act, actor, people, at=at) else []
    return [*own, *others]


def accounts_open_to(actor: AgentId, people: People, *, at: Instant) -> list[AgentId]:
    """Whose account an agent may look at: their own first, then those of groups of theirs."""
    offices = people.offices_of(actor, on=at)
    groups = people.groups_of(actor, on=at) | {o.scope for o in offices if o.scope is not None}
    return [
        actor,
        *sorted(g for g in groups if stands_for(actor, "read_records", g, people, at=at)),
    ]


def sites_open_to(
    actor: AgentId, people: People, *, declared: Declared, at: Instant
) -> dict[SiteId, str]:
    """The sites at which an agent may take lots in, with their names."""
    return {
        site.site: site.name
        for site in declared.sites.values()
        if stands_for(actor, "take_in", site.operator, people, at=at)
    }


class Deeds(msgspec.Struct, frozen=True, kw_only=True):
    """What a lot's page offers somebody to do with it."""

    hand_on: bool = False
    correct: bool = False
    # The ids of entries that they may take back.
    take_back: frozenset[str] = frozenset()


def deeds_open_to(
    actor: AgentId | None, row: LotRow, line: Sequence[Entry[Any]], people: People, *, at: Instant
) -> Deeds:
    """What an agent may do with a lot now; nothing is offered that would be refused for who asks.

    Args:
        actor: Who looks; None is anybody.
        row: The lot.
        line: The entries of its line that they may see.
        people: Everybody, as the record has them.
        at: Now.
    """
    if actor is None:
        return Deeds()
    gone = {entry.corrects for entry in line}
    gone |= {entry.body.entry for entry in line if entry.kind == "EventReversed"}
    said = next((entry for entry in line if entry.seq == row.said_by), None)
    return Deeds(
        hand_on=any(
            stands_for(actor, "transfer_custody", agent, people, at=at)
            for agent in {*row.holders, *row.owners}
        ),
        correct=said is not None
        and label_of_lot(row.lot) is not None
        and may_mend(actor, said, people, at=at),
        take_back=frozenset(
            entry.id
            for entry in line
            if entry.id not in gone and may_mend(actor, entry, people, at=at)
        ),
    )


def may_mend(actor: AgentId, entry: Entry[Any], people: People, *, at: Instant) -> bool:
    """Whether an agent may correct an entry or take it back."""
    try:
        may(actor, "correct_entry", about_mending(entry), people, at=at)
    except (NotPermitted, NotByHand):
        return False
    return True
