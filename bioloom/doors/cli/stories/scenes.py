"""Telling scenes on the terminal: what was done, what was refused and why, and what held."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from bioloom.doors.answers.playing import ActTold, Held, SceneTold


def tell_scene(scene: SceneTold, console: Console, number: int | None = None) -> None:
    """Tell what was done in a scene, and what it says of itself."""
    place = "" if number is None else f"{number}. "
    console.print(f"\n[bold]{place}{escape(scene.title)}[/] ({scene.day})")
    for act in scene.acts:
        _tell_act(act, console)
    for sentence in scene.told:
        console.print(f"  {escape(sentence)}", soft_wrap=True)


def tell_held(held: Iterable[Held], console: Console) -> None:
    """Tell what had to hold, and whether it did."""
    console.print("\n[bold]What held[/]")
    for one in held:
        mark = "[green]held[/]    " if one.holds else "[bold red]NOT SO[/]  "
        console.print(f"  {mark}{escape(one.what)}", soft_wrap=True)


def _tell_act(act: ActTold, console: Console) -> None:
    where = "" if act.page is None else f"  {act.page}"
    mark = "[bold red]refused[/]" if act.outcome == "refused" else "recorded"
    console.print(f"  - {escape(act.who)} {escape(act.did)}: {mark}{where}", soft_wrap=True)
    if act.why is not None:
        console.print(f"      {escape(act.why)}", soft_wrap=True)
