"""Telling the Carnival on the terminal: scene by scene, and what held."""

from rich.console import Console
from rich.markup import escape

from bioloom.doors.answers.carnival import CarnivalPlayed
from bioloom.doors.answers.playing import ActTold


def tell(played: CarnivalPlayed, console: Console) -> None:
    """Tell it: what was done in each scene, what was refused and why, and what held in the end."""
    console.print(
        f"[bold]{escape(played.city)}[/], {played.entries:,} entries, all of them generated."
    )
    for number, scene in enumerate(played.scenes, start=1):
        console.print(f"\n[bold]{number}. {escape(scene.title)}[/] ({scene.day})")
        for act in scene.acts:
            _tell_act(act, console)
        for sentence in scene.told:
            console.print(f"  {escape(sentence)}", soft_wrap=True)
    console.print("\n[bold]What held[/]")
    for held in played.held:
        mark = "[green]held[/]    " if held.holds else "[bold red]NOT SO[/]  "
        console.print(f"  {mark}{escape(held.what)}", soft_wrap=True)
    console.print(
        f"\n[bold]The record {'proves it' if played.holds else 'DOES NOT HOLD'}[/]: "
        f"{sum(one.holds for one in played.held)} of {len(played.held)}, head {played.hash}.",
        soft_wrap=True,
    )


def _tell_act(act: ActTold, console: Console) -> None:
    where = "" if act.page is None else f"  {act.page}"
    mark = "[bold red]refused[/]" if act.outcome == "refused" else "recorded"
    console.print(f"  - {escape(act.who)} {escape(act.did)}: {mark}{where}", soft_wrap=True)
    if act.why is not None:
        console.print(f"      {escape(act.why)}", soft_wrap=True)
