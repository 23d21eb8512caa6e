"""Working: which processes are open, and since when."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bioloom.ledger.events.mentioning import process_name
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import ProcessClosed, ProcessId, ProcessOpened
from bioloom.vocabulary.periods import day_of, epoch_ms


class OpenProcess(msgspec.Struct, frozen=True, kw_only=True):
    """A process that takes and gives, and is not balanced yet."""

    name: ProcessId
    operator: AgentId
    since: date
    opened_by: int


def open_processes(journal: Journal, zone: ZoneInfo) -> list[OpenProcess]:
    """The processes that are not closed, the oldest first."""
    entries = list(journal.read(kinds=["ProcessOpened", "ProcessClosed"]))
    closed = {
        entry.body.process for entry in entries if isinstance(entry.body, ProcessClosed)
    } - _reopened(journal)
    found = {
        entry.body.process: OpenProcess(
            name=entry.body.process,
            operator=entry.body.operator,
            since=day_of(epoch_ms(entry.occurred_at), zone),
            opened_by=entry.seq,
        )
        for entry in entries
        if isinstance(entry.body, ProcessOpened) and entry.body.process not in closed
    }
    return sorted(found.values(), key=lambda process: (process.since, process.name))


def _reopened(journal: Journal) -> set[ProcessId]:
    """Processes whose closing was taken back, and that were not closed again."""
    undone = journal.read(kinds=["EventReversed"])
    ends = [journal.by_id(entry.body.entry) for entry in undone]
    names = {
        entry.body.process
        for entry in ends
        if entry is not None and isinstance(entry.body, ProcessClosed)
    }
    memory = recall(journal.store)
    return {name for name in names if not _is_closed(memory.about(process_name(name)))}


def _is_closed(entries: Iterable[Entry[Any]]) -> bool:
    return any(isinstance(entry.body, ProcessClosed) for entry in entries)
