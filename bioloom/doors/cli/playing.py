"""`bioloom play`: a story from its beginning to its end, told on the terminal or on its page."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from bioloom.doors.answers.playing import PlanTold, Played
from bioloom.doors.cli.founding import counting
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsJson,
    out,
    percent,
    print_json,
    table,
    tonnes,
)
from bioloom.doors.compose import open_city
from bioloom.doors.stories.telling import found_story
from bioloom.doors.stories.verdiva.playing import play_verdiva
from bioloom.doors.stories.verdiva.rhythm import STORM, YEAR

# Its record begins four weeks before the storm: long enough for plans, sites and yards to be busy.
_FIRST = STORM.first - timedelta(weeks=4)


def play(
    story: Literal["verdiva"],
    *,
    headless: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
) -> int:
    """Play a story in a city of its own, which is gone afterwards.

    Without --headless its page opens in a browser. With it, what happened is told here: the storm,
    what piled up, what was planned, and the recovery, all read from the record it made. Exits with
    1 if that record does not verify.

    Example: bioloom play verdiva --headless

    Parameters
    ----------
    story
        Which one.
    headless
        Tell it on the terminal.
    as_json
        Print what happened as JSON, instead of opening a page.
    """
    with TemporaryDirectory(prefix="bioloom-") as beside:
        folder = Path(beside) / story
        with counting(story, (YEAR.last - _FIRST).days + 1) as told:
            found_story(story, folder, first=_FIRST, told=told)
        if not (headless or as_json):
            from bioloom.doors.web.serving import serve  # noqa: PLC0415  Only this way needs it.

            serve(folder, host="127.0.0.1", port=0, open_browser=True)
            return DONE
        with open_city(folder) as city:
            played = play_verdiva(city)
    if as_json:
        print_json(played)
    else:
        _tell(played, out())
    return DONE if played.holds else WANTING


def _tell(played: Played, console: Console) -> None:
    console.print(
        f"[bold]{escape(played.city)}[/], {played.entries:,} entries, all of them generated; "
        f"the record {'holds' if played.holds else 'DOES NOT HOLD'}."
    )
    sites = escape(", ".join(played.sites_out))
    console.print(f"\n[bold]The storm.[/] Out from {played.first_day_out}: {sites}.")
    broken = f"{played.broken.commitments} commitments over {tonnes(played.broken.mass_mg)} t"
    console.print(f"Not kept for it: {broken}.")
    _tell_plan(console, "The plan in force", played.plan_before)
    _tell_plan(console, "Planned anew without them", played.plan_tried)
    _tell_plan(console, "Adopted while they were out", played.plan_within)
    groups = list(played.peak.waiting_mg)
    rows = [
        [
            str(one.day),
            tonnes(sum(one.waiting_mg.values())),
            *(tonnes(one.waiting_mg.get(group, 0)) for group in groups),
            "the most" if one == played.peak else "",
        ]
        for one in played.evenings
    ]
    columns = ["Wednesday evening", "#in all t", *(f"#{group}" for group in groups), ""]
    console.print()
    console.print(table("What waits in the yards", columns, rows))
    if played.recovered_on is None:
        console.print("[bold]The recovery[/] lasts into the new year.")
    else:
        console.print(f"[bold]Recovered[/] on {played.recovered_on}: hardly anything waits.")


def _tell_plan(console: Console, title: str, plan: PlanTold) -> None:
    word = "checked" if plan.checked else "NOT CHECKED"
    console.print(
        f"{title} ({plan.made_on}): {tonnes(plan.placed_mg)} t placed, {tonnes(plan.unmet_mg)} t "
        f"not, {word}. Worst served: {plan.worst_district}, {percent(plan.worst_share)}. "
        f"{escape(plan.reason)}",
        soft_wrap=True,
    )
