"""The hands that a document is in: into which city, by whom, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from bioloom.doors.compose import City
from bioloom.doors.findings import FileReport
from bioloom.ledger.record.journal import RecordedOtherwise
from bioloom.ledger.record.outcomes import Conflict, Refused
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """A document on its way into a city's record.

    Args:
        city: An open city.
        author: Who takes it in.
        report: What came of it is counted there.
        cause: The id of the entry that all of it comes from; asked when something is recorded.
        clock: When things are recorded.
        dry_run: Whether to record nothing.
        correct: Whether what differs replaces what the record has.
    """

    city: City
    author: AgentId
    report: FileReport
    cause: Callable[[], str]
    clock: Callable[[], Instant]
    dry_run: bool
    correct: bool

    def caused(self, drafts: list[Draft[Any]]) -> list[Draft[Any]]:
        """Drafts with the entry that they come from."""
        cause = self.cause()
        return [msgspec.structs.replace(draft, cause=cause) for draft in drafts]

    def commit_whole(self, drafts: list[Draft[Any]]) -> None:
        """Record all drafts or none of them, corrections too; nothing where it is for show.

        Raises:
            Refusal: What the ledger has against one of them.
        """
        if self.dry_run:
            return
        for outcome in self.city.commit(self.caused(drafts), correct=True):
            if isinstance(outcome, Refused):
                raise outcome.refusal
            if isinstance(outcome, Conflict):
                raise RecordedOtherwise(key=outcome.draft.idempotency_key, seq=outcome.current.seq)
