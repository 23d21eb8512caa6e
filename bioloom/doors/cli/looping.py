"""`bioloom loop`: what a city does of itself, without its page."""

import threading
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bioloom.doors.answers.commands import LoopRun
from bioloom.doors.cli.printing import AsJson, out, print_json
from bioloom.doors.compose import open_city
from bioloom.doors.loop import run, run_once


def loop(
    folder: Path,
    *,
    once: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
) -> None:
    """Do what follows of itself: note what is overdue, and which plans are out of date.

    `bioloom serve` does the same while it runs.

    Example: bioloom loop nyc --once

    Parameters
    ----------
    folder
        The city's folder.
    once
        End when all that is new and due is done; otherwise go on until Ctrl-C.
    as_json
        Print how many entries of each kind were recorded as JSON; only with --once.
    """
    with open_city(folder) as city:
        if not once:
            run(city, city.clock, threading.Event())
            return
        recorded, head = run_once(city, city.clock()), city.journal.head()
    if as_json:
        print_json(LoopRun(recorded=dict(recorded), seq=head.seq, hash=head.hash))
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(recorded.items()))
    out().print(f"Recorded: {kinds or 'nothing, as nothing is new or due'}.")
