"""Telling Verdiva's storm on the terminal."""

from rich.console import Console
from rich.markup import escape

from bioloom.doors.answers.playing import PlanTold, Played
from bioloom.doors.cli.printing import percent, table, tonnes


def tell(played: Played, console: Console) -> None:
    """Tell it: the storm, what piled up, what was planned, and the recovery."""
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
