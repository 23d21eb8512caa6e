"""Telling Verdiva's storm on the terminal: scene by scene, what waited, and what held."""

from rich.console import Console
from rich.markup import escape

from bioloom.doors.answers.playing import Played, SceneTold
from bioloom.doors.cli.printing import table, tonnes
from bioloom.doors.cli.stories.scenes import tell_held, tell_scene


def tell(played: Played, console: Console) -> None:
    """Tell all of it."""
    console.print(
        f"[bold]{escape(played.city)}[/], {played.entries:,} entries, all of them generated."
    )
    for number, scene in enumerate(played.scenes, start=1):
        tell_scene(scene, console, number)
    tell_end(played, console)


def tell_one(scene: SceneTold, console: Console) -> None:
    """Tell a scene as it is played."""
    tell_scene(scene, console)


def tell_end(played: Played, console: Console) -> None:
    """Tell what waited from week to week, and what held."""
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
        console.print("[bold]The recovery[/] lasts longer than this record.")
    else:
        console.print(f"[bold]Recovered[/] on {played.recovered_on}: hardly anything waits.")
    tell_held(played.held, console)
    console.print(
        f"\n[bold]The record {'proves it' if played.holds else 'DOES NOT HOLD'}[/]: "
        f"{sum(one.holds for one in played.held)} of {len(played.held)}, head {played.hash}.",
        soft_wrap=True,
    )
