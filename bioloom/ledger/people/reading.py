"""Reading: who may see a lot or an entry.

Lots of organisations and commons are public. A person's or a household's are theirs, and are seen
besides by whoever stands for the other side of what happened: an operator sees what it holds.
"""

from collections.abc import Collection
from typing import Any

from bioloom.ledger.people.naming import agents_named
from bioloom.ledger.people.people import Office, People
from bioloom.ledger.people.permitting import stands_for
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.campaigns import CampaignStarted, TaskOffered
from bioloom.vocabulary.entries.deliberations import (
    AppealDecided,
    DeliberationClosed,
    DeliberationOpened,
    StatementModerated,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventReversed
from bioloom.vocabulary.entries.mandates import (
    MandateGiven,
    MandateLaidDown,
    MandateRecalled,
)
from bioloom.vocabulary.entries.people import RoleGranted, RoleWithdrawn
from bioloom.vocabulary.entries.petitions import PetitionStarted
from bioloom.vocabulary.entries.proposals import (
    BudgetLineMade,
    BudgetPaid,
    CoAuthorAccepted,
    DecisionTaken,
    EffectDeclared,
    ObjectionAnswered,
    ObjectionClosed,
    ProposalDrafted,
    ProposalRevised,
    VotesCounted,
)
from bioloom.vocabulary.entries.recipes import RecipePublished
from bioloom.vocabulary.periods import Instant

# For anybody, whoever wrote it and whom it names.
_PUBLISHED = (
    *(RecipePublished, MandateGiven, MandateRecalled, MandateLaidDown, PetitionStarted),
    *(ProposalDrafted, ProposalRevised, CoAuthorAccepted, ObjectionAnswered, ObjectionClosed),
    *(VotesCounted, DecisionTaken, BudgetLineMade, BudgetPaid, EffectDeclared),
    *(DeliberationOpened, DeliberationClosed, StatementModerated, AppealDecided),
    *(CampaignStarted, TaskOffered),
)


def may_read_lot(
    viewer: AgentId | None, parties: Collection[AgentId], people: People, *, at: Instant
) -> bool:
    """Whether somebody may see a lot: that it is there, what it is, and whose.

    Args:
        viewer: Who looks; None is anybody.
        parties: Who owns and who holds some of it now; where nobody does any more, those of its
            newest entry.
        people: Everybody, as the record has them.
        at: Now.
    """
    return _may_read(viewer, frozenset(parties), people, at)


def may_read_entry(
    viewer: AgentId | None,
    entry: Entry[Any],
    people: People,
    *,
    at: Instant,
    reverses: Entry[Any] | None = None,
) -> bool:
    """Whether somebody may see an entry in its full text.

    It is public if no person or household is named in it, as its author neither. Who holds an
    office acts in public: as an author, and in being granted the role. What is published is for
    anybody, and shows its author by their pseudonym: recipes, petitions, proposals, and all that is
    done by a mandate of an assembly.

    Args:
        viewer: Who looks; None is anybody.
        entry: What they ask for.
        people: Everybody, as the record has them.
        at: Now.
        reverses: Of an EventReversed, the entry it takes back; a reversal shows no more than that.
    """
    named = set(agents_named(entry.body))
    is_office = isinstance(entry.body, RoleGranted | RoleWithdrawn) and entry.body.role != "member"
    if is_office:
        named -= {entry.body.agent}
    if isinstance(entry.body, _PUBLISHED):
        return True
    if not _holds_office(entry.author, people, entry.recorded_at):
        named |= {entry.author}
    if not _may_read(viewer, frozenset(named), people, at):
        return False
    if not isinstance(entry.body, EventReversed):
        return True
    return (
        reverses is not None
        and reverses.id == entry.body.entry
        and may_read_entry(viewer, reverses, people, at=at)
    )


def _may_read(
    viewer: AgentId | None, parties: frozenset[AgentId], people: People, at: Instant
) -> bool:
    if not any(people.is_private(party) for party in parties - set(BOUNDARY)):
        return True
    if viewer is None:
        return False
    return any(_is_theirs(viewer, party, people, at) for party in parties)


def _is_theirs(viewer: AgentId, party: AgentId, people: People, at: Instant) -> bool:
    if people.is_private(party):
        return stands_for(viewer, "read_records", party, people, at=at)
    # Not everybody of a commons, and no steward of the whole city, reads what a household had to
    # do with it: only who holds an office in it.
    offices = people.offices_of(viewer, on=at)
    return viewer == party or any(
        office.scope == party and office.role != "member" for office in offices
    )


def _holds_office(agent: AgentId, people: People, at: Instant) -> bool:
    """Whether an agent was steward or operator of something."""
    offices = people.offices_of(agent, on=at, known_at=at)
    return any(office.role != "member" for office in offices)


def may_see(viewer: AgentId | None, agent: AgentId, people: People, *, at: Instant) -> bool:
    """Whether somebody may see that an agent is there, where it belongs and what it is called.

    Organisations and commons are public. A person or a household is seen by itself, by stewards of
    the groups it belongs to, and by those of the city, who give the roles.
    """
    if not people.is_private(agent):
        return True
    if viewer is None:
        return False
    groups = people.groups_of(agent, on=at)
    return any(
        stands_for(viewer, "see_people", group, people, at=at) for group in {agent, *groups}
    ) or Office("steward", None) in people.offices_of(viewer, on=at)
