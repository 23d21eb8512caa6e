"""The floor of an assembly: who acts, on the record as it is, and what is kept beside it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from bioloom.assembly.campaigns.standing import Campaign
from bioloom.assembly.decisions.standing import Line
from bioloom.assembly.deliberating.pseudonyms import participant_of
from bioloom.assembly.deliberating.standing import Conversation
from bioloom.assembly.lifecycle.standing import Lifecycle, lifecycle_of
from bioloom.assembly.mandates.meeting import PROGRAMME, Kept, Meeting
from bioloom.assembly.proposals.standing import Proposal
from bioloom.doors.compose import City
from bioloom.doors.register.deciding import decide
from bioloom.doors.register.register import Register
from bioloom.doors.register.secrets import new_secret
from bioloom.ledger.declaring import declare
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.refusal import Refusal


class SaltForgotten(Refusal):
    """The register no longer has the salt of a conversation's pseudonyms."""

    def __init__(self, *, about: str) -> None:
        self.about = about
        super().__init__(
            what=f"The register does not have the salt of '{about[:80]}' any more.",
            why="Without it nobody can tell who said what there, and so nobody can say more.",
            remedy="Restore the register from a backup, or open another conversation.",
        )


class _Kept:
    """What is known of a record's assemblies, and whose turn it is to read on."""

    def __init__(self) -> None:
        self.turn, self.known = threading.RLock(), Lifecycle()


_KEPT: WeakKeyDictionary[Journal, _Kept] = WeakKeyDictionary()
_KEEPING = threading.Lock()


@contextmanager
def on_record(city: City) -> Iterator[Lifecycle]:
    """All that a city's assemblies have on record, which nobody reads on inside.

    Only what came since the last time is read, so that the hundred-thousandth vote costs what the
    first did.
    """
    with _KEEPING:
        kept = _KEPT.setdefault(city.journal, _Kept())
    with kept.turn:
        yield lifecycle_of(city.journal, kept.known)


class Written(NamedTuple):
    """What somebody wrote, and in which language, such as "en"."""

    text: str
    language: str


class Floor(NamedTuple):
    """All that assemblies have on record, who acts, and the day it is in the city."""

    known: Lifecycle
    deed: Deed
    today: date

    def meeting(self, assembly: str) -> Meeting:
        """An assembly in which they act.

        Raises:
            NotInAssembly: If nobody declared it.
        """
        return Meeting(self.known.assemblies.named(assembly), self.deed, self.today)

    def talk(self, name: str) -> tuple[Conversation, Meeting]:
        """A conversation, and its assembly in which they act.

        Raises:
            NotInAssembly: If nobody opened it.
        """
        talk = self.known.conversations.named(name)
        return talk, self.meeting(talk.opened.assembly)

    def proposal(self, name: str) -> tuple[Proposal, Meeting]:
        """A proposal, and its assembly in which they act.

        Raises:
            NotInAssembly: If nobody drafted it.
        """
        proposal = self.known.proposals.named(name)
        return proposal, self.meeting(proposal.drafted.assembly)

    def campaign(self, name: str) -> tuple[Campaign, Meeting]:
        """A campaign, and its assembly in which they act.

        Raises:
            NotInAssembly: If nobody started it.
        """
        campaign = self.known.campaigns.named(name)
        return campaign, self.meeting(campaign.started.assembly)

    def line(self, name: str) -> tuple[Line, Meeting]:
        """A budget line, and its assembly in which they act.

        Raises:
            NotInAssembly: If no decision made it.
        """
        line = self.known.consequences.line(name)
        return line, self.meeting(line.made.assembly)


def act(
    city: City, by: AgentId, deciding: Callable[[Floor], Draft[Any] | Sequence[Draft[Any]]]
) -> list[Entry[Any]]:
    """Let somebody act in an assembly, and record it: all of it, or nothing.

    Args:
        city: An open city.
        by: Who acts.
        deciding: What they do, on the record as it is; it is asked again where the record moved on.

    Raises:
        RecordMovedOn: If the record goes on faster than anybody can decide.
        Refusal: If it is refused.
    """

    def decided(deed: Deed) -> list[Draft[Any]]:
        with on_record(city) as known:
            made = deciding(Floor(known, deed, city.today()))
        drafts = [made] if isinstance(made, Draft) else list(made)
        is_new = any(one.author == PROGRAMME for one in drafts)
        if is_new and PROGRAMME not in deed.people.agents:
            programme = AgentDeclared(agent=PROGRAMME, name="Assembly", sort="programme")
            key = f"agent:{PROGRAMME}"
            drafts.insert(0, declare(programme, key=key, author=PROGRAMME, at=deed.when))
        return drafts

    return decide(city, by, decided, occurred_at=city.clock())


def see(city: City, by: AgentId, seeing: Callable[[Floor], object]) -> None:
    """See that somebody may act, before anything is kept of it.

    Raises:
        Refusal: If it would be refused.
    """

    def looked(deed: Deed) -> list[Draft[Any]]:
        with on_record(city) as known:
            seeing(Floor(known, deed, city.today()))
        return []

    decide(city, by, looked, occurred_at=city.clock())


def keep(register: Register, by: AgentId, written: Written) -> Kept:
    """Keep what somebody wrote in the register, which can forget; the hash that stands for it."""
    return Kept(register.keep_text(by, written.text), written.language)


def new_salt(register: Register) -> str:
    """Make a salt for pseudonyms, and keep it; the hash under which it is found."""
    return register.keep_text(PROGRAMME, new_secret(register.chance))


def pseudonym(register: Register, salt_sha256: str, agent: AgentId, *, about: str) -> str:
    """The name that an agent has in one conversation or proposal only.

    Raises:
        SaltForgotten: If the register does not have the salt.
    """
    salt = register.texts([salt_sha256]).get(salt_sha256)
    if salt is None:
        raise SaltForgotten(about=about)
    return participant_of(salt, agent)
