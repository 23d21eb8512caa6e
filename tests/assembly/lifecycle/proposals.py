"""What is proposed and decided in the hall, and the shortest way to it."""

from datetime import date

from bioloom.assembly.decisions.deciding import (
    Facts,
    take_decision,
)
from bioloom.assembly.petitions.petitioning import Words
from bioloom.assembly.proposals.proposing import (
    draft_proposal,
)
from bioloom.assembly.proposals.standing import Proposal
from bioloom.ledger.codes.reading import codes_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, ShareGuaranteed
from bioloom.vocabulary.entries.proposals import (
    Draught,
    ExpectsEffect,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId
from tests.assembly.lifecycle.hall import (
    TREES,
    Hall,
    trees,
)
from tests.ledger.people.town import ANA

ASKED = Words("More trees", "We want shade.", "en")
GUARANTEE = CodeEnacted(
    code=CodeId("shade"),
    version=1,
    title="Shade",
    rationale="Decided together.",
    rules=(ShareGuaranteed(group=GroupId("glass"), per_mille=500),),
    first_day=date(2024, 2, 1),
)
EFFECT = ExpectsEffect(
    title="More glass apart",
    districts=(DistrictId("north"),),
    materials=(MaterialId("glass"),),
    target_mg=1_000,
    first_day=date(2024, 1, 3),
    last_day=date(2024, 1, 9),
)


def drafted(hall: Hall, draught: Draught = TREES, name: str = "trees", by: AgentId = ANA) -> None:
    known, declared = hall.known, hall.journal.declared()
    hall.does_with(by, draft_proposal, name, draught, known.proposals, declared=declared)


def proposal(hall: Hall) -> Proposal:
    return hall.known.proposals.named(trees())


def facts(hall: Hall) -> Facts:
    return Facts(hall.journal.declared(), codes_of(hall.journal))


def decided(hall: Hall, by: AgentId = ANA, *, present: int = 8) -> None:
    hall.take(
        take_decision(proposal(hall), "consent", hall.meeting(by), facts(hall), present=present)
    )
