"""Standing for: in whose name somebody may fill in a form."""

from bioloom.ledger.declared import Declared
from bioloom.ledger.people.people import Office, People
from bioloom.ledger.people.permitting import stands_for
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
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


def sites_open_to(
    actor: AgentId, people: People, *, declared: Declared, at: Instant
) -> dict[SiteId, str]:
    """The sites at which an agent may take lots in, with their names."""
    return {
        site.site: site.name
        for site in declared.sites.values()
        if stands_for(actor, "take_in", site.operator, people, at=at)
    }
