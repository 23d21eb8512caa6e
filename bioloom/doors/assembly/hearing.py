"""Hearing: who is heard less, from a folder of tables and an exported conversation."""

from datetime import date
from pathlib import Path

from bioloom.assembly.hearing.reporting import hear
from bioloom.assembly.hearing.tables import (
    PARTICIPATION,
    POPULATION,
    STATEMENTS,
    STEPS,
    read_tables,
)
from bioloom.assembly.opinions.mapping import map_opinions
from bioloom.assembly.opinions.polis import PARTICIPANTS, VOTES
from bioloom.doors.answers.assembly.hearing import HearingTold, tell_hearing
from bioloom.doors.assembly.conversations import open_conversation, read_text
from bioloom.doors.mappings import FileMissing
from bioloom.vocabulary.refusal import Refusal


class NothingToHear(Refusal):
    """A folder without any of the files that tell who is heard."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            what=f"'{folder}' has no table and no conversation.",
            why="Who is heard is told from who lives here, took part, spoke and voted.",
            remedy=f"Put {POPULATION} and {PARTICIPATION}, {STEPS}, {STATEMENTS} or an export of "
            "Polis there.",
        )


def hear_folder(folder: Path, *, day: date, rate: float) -> HearingTold:
    """Find who is heard less.

    Args:
        folder: With any of the tables, and an export of Polis where there is one.
        day: Who has no answer by then still waits.
        rate: The part of the groups found that may be found by chance, on average, 0 to 1.

    Raises:
        FileMissing: If there is no such folder.
        NothingToHear: If it has none of the files.
        ExportUnreadable: If a file is no text.
        ExportAmiss: If a vote cannot be counted.
        TableAmiss: If a row cannot be counted, or contradicts another.
    """
    if not folder.is_dir():
        raise FileMissing(path=folder, fault="there is no such folder")
    names = (POPULATION, PARTICIPATION, STEPS, STATEMENTS)
    files = {name: text for name in names if (text := read_text(folder, name)) is not None}
    was_held = any(read_text(folder, name) is not None for name in (VOTES, PARTICIPANTS))
    if not files and not was_held:
        raise NothingToHear(folder=folder)
    tables = read_tables(files)
    conversation = None
    if was_held:
        told = open_conversation(folder)
        conversation = (told, map_opinions(told.shown()).label)
    found = hear(tables, conversation, day=day, rate=rate)
    return tell_hearing(found, list(tables.population or ()))
