"""All of an assembly's work in one fold: from a petition to what its effects were."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from bioloom.assembly.campaigns.standing import Campaigns
from bioloom.assembly.decisions.standing import Consequences
from bioloom.assembly.deliberating.standing import Conversations
from bioloom.assembly.mandates.standing import Assemblies
from bioloom.assembly.petitions.standing import Petitions
from bioloom.assembly.proposals.standing import Proposals
from bioloom.vocabulary.entries.envelope import Entry

_ASSEMBLIES = ("AssemblyDeclared", "MandateGiven", "MandateRecalled", "MandateLaidDown")
_PETITIONS = ("PetitionStarted", "PetitionSigned", "PetitionUnsigned")
_PROPOSALS = (
    *("ProposalDrafted", "ProposalRevised", "CoAuthorInvited", "CoAuthorAccepted"),
    *("ObjectionRaised", "ObjectionAnswered", "ObjectionClosed"),
    *("VotesCounted", "DecisionTaken"),
)
_CONVERSATIONS = (
    *("DeliberationOpened", "DeliberationClosed", "StatementMade", "StatementVoted"),
    *("StatementModerated", "ModerationAppealed", "AppealDecided"),
)
_CONSEQUENCES = (
    *("ProposalDrafted", "BudgetLineMade", "BudgetCommitted", "BudgetPaid"),
    *("EffectDeclared", "EffectMeasured", "ItemReturned"),
)
_CAMPAIGNS = ("CampaignStarted", "TaskOffered", "TaskTaken", "TaskDone")
LIFECYCLE_KINDS = frozenset(
    (*_ASSEMBLIES, *_PETITIONS, *_PROPOSALS, *_CONVERSATIONS, *_CONSEQUENCES, *_CAMPAIGNS)
)


@dataclass(slots=True)
class Lifecycle:
    """What assemblies have on record. A pure fold; only its parts are changed in place."""

    seq: int = 0
    assemblies: Assemblies = field(default_factory=Assemblies)
    petitions: Petitions = field(default_factory=Petitions)
    proposals: Proposals = field(default_factory=Proposals)
    conversations: Conversations = field(default_factory=Conversations)
    consequences: Consequences = field(default_factory=Consequences)
    campaigns: Campaigns = field(default_factory=Campaigns)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; the caller keeps the order of the record."""
        self.seq = entry.seq
        parts = (
            (_ASSEMBLIES, self.assemblies),
            (_PETITIONS, self.petitions),
            (_PROPOSALS, self.proposals),
            (_CONVERSATIONS, self.conversations),
            (_CONSEQUENCES, self.consequences),
            (_CAMPAIGNS, self.campaigns),
        )
        for kinds, part in parts:
            if entry.kind in kinds:
                part.fold(entry)


class Readable(Protocol):
    """A record that can be read: a journal."""

    def read(self, *, after: int = 0, kinds: Collection[str] | None = None) -> Iterator[Entry[Any]]:
        """Entries of some kinds after one, in order."""


def lifecycle_of(journal: Readable, known: Lifecycle | None = None) -> Lifecycle:
    """All that assemblies have on record; what was known before goes on in place."""
    lifecycle = known or Lifecycle()
    for entry in journal.read(after=lifecycle.seq, kinds=LIFECYCLE_KINDS):
        lifecycle.fold(entry)
    return lifecycle
