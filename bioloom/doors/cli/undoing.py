"""`bioloom take-back`: what was recorded is taken back, with what stands on it or not at all."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bioloom.doors.acting import acting_as
from bioloom.doors.cli.printing import DONE, AsJson, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.doors.giving.undoing import take_back as take_back_now
from bioloom.doors.keys.signing import seq_of
from bioloom.vocabulary.entries.events import ReversalReason


def take_back(
    folder: Path,
    entry: str,
    *,
    reason: ReversalReason,
    cascade: Annotated[bool, Parameter(negative="")] = False,
    as_: Annotated[str | None, Parameter(name="--as")] = None,
    as_json: AsJson = False,
) -> int:
    """Take an entry back: its movements run backwards from now on, and both stay in the line.

    Example: bioloom take-back verdiva 42 --reason mistake

    Parameters
    ----------
    folder
        The city's folder.
    entry
        The entry's number or id.
    reason
        Why it is taken back.
    cascade
        Take back all that stands on it as well, in one act; without it, what does is named.
    as_
        The agent who takes it back; the steward unless given.
    as_json
        Print what was taken back as JSON, the newest first.
    """
    with open_city(folder) as city:
        author = acting_as(city, as_)
        at = city.clock()
        known = city.journal.at([seq_of(city, entry)])
        name = next((one.id for one in known.values()), entry)
        taken = take_back_now(city, name, reason, author=author, at=at, cascade=cascade)
    if as_json:
        print_json(taken)
    else:
        rows = [[str(one.seq), one.kind, one.id, str(one.reversed_by or "")] for one in taken]
        out().print(table("Taken back", ["#entry", "kind", "id", "#by entry"], rows))
    return DONE
