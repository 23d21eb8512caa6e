"""An assembly in a hall: the town of `tests/ledger/people` with twelve persons who belong to north.

Ana, Ben and Cem have all duties between them; every act goes through the deciders and the record.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from bioloom.assembly.deliberating.pseudonyms import participant_of
from bioloom.assembly.lifecycle.standing import Lifecycle, lifecycle_of
from bioloom.assembly.mandates import giving
from bioloom.assembly.mandates.meeting import Meeting
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.people import people_of
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyDeclared, AssemblyId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared, DistrictDeclared, MaterialDeclared
from bioloom.vocabulary.entries.mandates import Duty, MandateGiven, MandateId
from bioloom.vocabulary.entries.people import MembershipBegan
from bioloom.vocabulary.entries.proposals import Draught, ProposalId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, Point
from tests.ledger.people.town import ANA, BEN, CEM, DAN, NORTH, ZARA, draft, noon, record, town

HALL = AssemblyId("hall")
CROWD = [AgentId(f"person:{number:02}") for number in range(9)]
# Dan is nobody's member.
ELECTORS = [ANA, BEN, CEM, *CROWD]
STRANGER = DAN
SALT = "a salt"
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
TREES = Draught(title="Ten trees", text="Along the street.", language="en", cost_minor=50_000)


class Hall:
    """A record in which people act on a day."""

    def __init__(self, *, may_enact: bool = True) -> None:
        self.journal: Journal = town(
            draft(
                DistrictDeclared(
                    district=DistrictId("north"),
                    name="North",
                    part_of=None,
                    outline=((((0, 0), (1, 0), (1, 1), (0, 0)),),),
                    point=Point(longitude_deg=0.0, latitude_deg=0.0),
                    need_per_mille=1000,
                    commons=NORTH,
                    stamp="reported",
                )
            ),
            draft(
                MaterialDeclared(material=MaterialId("glass"), name="Glass", group=GroupId("glass"))
            ),
            *(draft(AgentDeclared(agent=one, name=one, sort="person")) for one in CROWD),
            *(draft(MembershipBegan(member=one, group=NORTH), author=one) for one in ELECTORS),
        )
        self.day = 2
        body = AssemblyDeclared(
            assembly=HALL,
            commons=NORTH,
            title="The hall",
            petition_per_mille=250,
            quorum_per_mille=500,
            may_enact=may_enact,
        )
        deed = self.deed(ZARA)
        self.take(giving.declare_assembly(body, self.known.assemblies, deed=deed))
        self.give("first", ANA, ("facilitate", "moderate", "keep_purse"))
        self.give("second", BEN, ("moderate", "count"))
        self.give("third", CEM, ("count",))

    @property
    def known(self) -> Lifecycle:
        return lifecycle_of(self.journal)

    def deed(self, by: AgentId) -> Deed:
        return Deed(by=by, people=people_of(self.journal), at=noon(self.day))

    def meeting(self, by: AgentId) -> Meeting:
        today = date(2024, 1, self.day)
        return Meeting(self.known.assemblies.named(HALL), self.deed(by), today)

    def take(self, drafts: Draft[Any] | list[Draft[Any]]) -> None:
        some = drafts if isinstance(drafts, list) else [drafts]
        record(self.journal, some, day=self.day)

    def give(
        self, name: str, who: AgentId, duties: tuple[Duty, ...], *, by: AgentId = ZARA
    ) -> None:
        body = MandateGiven(
            mandate=MandateId(name),
            assembly=HALL,
            agent=who,
            duties=duties,
            first_day=FIRST,
            last_day=LAST,
        )
        self.take(giving.give_mandate(body, self.meeting(by)))

    def does(
        self, by: AgentId, deciding: Callable[..., Any], *told: object, **more: object
    ) -> None:
        """Let somebody act: a decider that takes the meeting last."""
        self.take(deciding(*told, self.meeting(by), **more))

    def does_with(
        self, by: AgentId, deciding: Callable[..., Any], *told: object, **more: object
    ) -> None:
        """Let somebody propose, under the salt of all that is said here."""
        self.does(by, deciding, *told, salt_sha256="0", **more)


def alias(who: AgentId) -> str:
    return participant_of(SALT, who)


def trees() -> ProposalId:
    return ProposalId("trees")
