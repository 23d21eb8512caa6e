"""Meeting: an assembly on a day, and who acts in it; each act of an assembly begins here."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec

from bioloom.assembly.mandates.refusing import NotElector, NotMandated
from bioloom.assembly.mandates.standing import Assembly, electors_of, is_elector
from bioloom.ledger.people.deciding import AheadOfTime, Deed
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.mandates import Duty

B = TypeVar("B", bound=msgspec.Struct)
# Who records what stands under pseudonyms: no person.
PROGRAMME = AgentId("programme:assembly")


class Kept(NamedTuple):
    """A text that the register keeps: its salted hash, and its language, such as "en"."""

    sha256: str
    language: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """An assembly, who acts in it, and the day it is in its city."""

    assembly: Assembly
    deed: Deed
    today: date

    @property
    def name(self) -> str:
        """The name of the assembly."""
        return self.assembly.declared.assembly

    @property
    def commons(self) -> AgentId:
        """Whose assembly it is."""
        return self.assembly.declared.commons

    def electors(self) -> frozenset[AgentId]:
        """Who may take part now."""
        return electors_of(self.commons, self.deed.people, on=self.deed.at)

    def see_elector(self, who: AgentId | None = None) -> None:
        """Return if somebody belongs to the assembly now: who acts, unless another is given.

        Raises:
            NotElector: If they do not.
        """
        who = who or self.deed.by
        if not is_elector(who, self.commons, self.deed.people, on=self.deed.at):
            raise NotElector(who=who, commons=self.commons)

    def see_duty(self, duty: Duty) -> None:
        """Return if who acts is trusted with a duty today.

        Raises:
            NotMandated: If they are not.
        """
        if not self.assembly.has_duty(self.deed.by, duty, self.today):
            raise NotMandated(who=self.deed.by, assembly=self.name, duty=duty)

    def draft(self, body: B, key: str, *, hidden: bool = False) -> Draft[B]:
        """What is to be recorded of an act.

        Args:
            body: What was done.
            key: Its idempotency key.
            hidden: Whether who acted stands in it by a pseudonym only.

        Raises:
            AheadOfTime: If it is dated in the future.
        """
        deed = self.deed
        if deed.when > deed.at:
            raise AheadOfTime(occurred_at=deed.when, at=deed.at)
        author = PROGRAMME if hidden else deed.by
        return Draft(body=body, occurred_at=deed.when, author=author, idempotency_key=key)
