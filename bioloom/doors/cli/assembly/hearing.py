"""`bioloom assembly unheard`: which groups are heard less than the rest."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators
from rich.console import Console
from rich.markup import escape

from bioloom.assembly.hearing.comparing import USUAL_RATE
from bioloom.doors.answers.assembly.hearing import HearingTold, ShareTold, WaitTold
from bioloom.doors.assembly.hearing import hear_folder
from bioloom.doors.cli.printing import AsJson, out, percent, print_json, table
from bioloom.doors.compose import now

_UNTOLD = "not told"


def unheard(
    folder: Path,
    *,
    on: date | None = None,
    rate: Annotated[float, Parameter(validator=validators.Number(gt=0, lt=1))] = USUAL_RATE,
    as_json: AsJson = False,
) -> None:
    """Tell which groups are heard less than the rest, by more than chance, and by how much.

    Groups are those that people declare, or districts; nothing is inferred about anybody, and
    figures about fewer than ten people are not told.

    Example: bioloom assembly unheard spring --json

    Parameters
    ----------
    folder
        With any of population.csv and participation.csv, steps.csv, statements.csv, and an export
        of Polis.
    on
        The day up to which waits are counted; today, in UTC, unless given.
    rate
        The part of the groups found that may be found by chance, on average.
    as_json
        Print it as JSON.
    """
    day = on or date.fromisoformat(now()[:10])
    told = hear_folder(folder, day=day, rate=rate)
    if as_json:
        print_json(told)
        return
    _print(out(), told)


def _print(console: Console, told: HearingTold) -> None:
    for source in told.sources:
        many = f"{len(source.groups)} groups" if len(source.groups) > 1 else "1 group"
        console.print(f"Population of {many}: {escape(source.source)}, {source.day}.")
    if told.shares:
        columns = ["measure", "group", "#heard", "#of", "share", "the rest", "#missing", ""]
        console.print(table("Heard", columns, map(_share_cells, told.shares)))
    if told.waits:
        columns = ["group", "#answered", "#of", "half wait", ""]
        console.print(table("Waiting for an answer", columns, map(_wait_cells, told.waits)))
    for thin in told.thin:
        words = escape(thin.text or thin.statement)
        console.print(f"Too few saw it ({thin.seen}): {words}", soft_wrap=True)
    console.print(
        f"{told.compared} comparisons, judged together; {told.less} heard less. Of such, "
        f"{percent(told.rate)} may be chance.",
        soft_wrap=True,
    )
    if told.unmeasured:
        console.print(f"Not measured: {', '.join(told.unmeasured)}.", soft_wrap=True)


def _share_cells(told: ShareTold) -> list[str]:
    if told.is_suppressed:
        return [told.measure, told.group, *[_UNTOLD] * 5, _verdict(told)]
    return [
        told.measure,
        told.group,
        f"{told.heard:,}",
        f"{told.of:,}",
        _shown(told),
        "" if told.rest_share is None else percent(told.rest_share),
        f"{told.missing:,}",
        _verdict(told),
    ]


def _shown(told: ShareTold) -> str:
    if told.share is None or told.low is None or told.high is None:
        return ""
    return f"{percent(told.share)} ({percent(told.low)} to {percent(told.high)})"


def _wait_cells(told: WaitTold) -> list[str]:
    if told.is_suppressed:
        return [told.group, *[_UNTOLD] * 3, _verdict(told)]
    low, half, high = (
        "?" if days is None else str(days)
        for days in (told.low_days, told.median_days, told.high_days)
    )
    days = f"{half} days ({low} to {high})"
    return [told.group, f"{told.answered:,}", f"{told.of:,}", days, _verdict(told)]


def _verdict(told: ShareTold | WaitTold) -> str:
    return "heard less" if told.is_less else ""
