"""Telling the Carnival on the terminal: scene by scene, and what held."""

from rich.console import Console
from rich.markup import escape

from bioloom.doors.answers.carnival import CarnivalPlayed
from bioloom.doors.cli.stories.scenes import tell_held, tell_scene


def tell(played: CarnivalPlayed, console: Console) -> None:
    """Tell it: what was done in each scene, what was refused and why, and what held in the end."""
    console.print(
        f"[bold]{escape(played.city)}[/], {played.entries:,} entries, all of them generated."
    )
    for number, scene in enumerate(played.scenes, start=1):
        tell_scene(scene, console, number)
    tell_held(played.held, console)
    console.print(
        f"\n[bold]The record {'proves it' if played.holds else 'DOES NOT HOLD'}[/]: "
        f"{sum(one.holds for one in played.held)} of {len(played.held)}, head {played.hash}.",
        soft_wrap=True,
    )
