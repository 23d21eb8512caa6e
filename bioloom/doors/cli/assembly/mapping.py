"""`bioloom assembly map`: which groups of opinion a conversation has, and what all of them hold."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bioloom.assembly.opinions.mapping import map_opinions
from bioloom.doors.answers.assembly.opinions import GroupTold, MapTold, tell_map
from bioloom.doors.assembly.conversations import open_conversation
from bioloom.doors.cli.printing import AsJson, out, print_json


def map_(folder: Path, *, as_json: AsJson = False) -> None:
    """Map the opinions of a conversation: groups, what each holds, what all do, and how surely.

    The folder is an export of Polis: votes.csv, comments.csv and summary.csv, packed or not.

    Example: bioloom assembly map biodiversity --json

    Parameters
    ----------
    folder
        The folder of the export.
    as_json
        Print it as JSON, with where each person stands.
    """
    conversation = open_conversation(folder)
    votes = conversation.shown()
    told = tell_map(conversation, votes, map_opinions(votes))
    if as_json:
        print_json(told)
        return
    _print(out(), told)


def _print(console: Console, told: MapTold) -> None:
    if told.topic:
        console.print(escape(told.topic), style="bold", soft_wrap=True)
    console.print(
        f"{told.votes} votes of {told.people} people on {told.statements} statements; "
        f"{told.placed} voted enough to be placed.",
        soft_wrap=True,
    )
    if len(told.groups) < 2:
        console.print("Their votes show no groups.")
    else:
        for group in told.groups:
            _print_group(console, group)
    console.print("What every group holds, surest first:" if told.consensus else "")
    for one in told.consensus:
        words = escape(one.text or one.statement)
        share = f"{one.hits} of {one.seen}; in each group {one.low:.0%} at least"
        console.print(f"- {one.side}: {words} ({share})", soft_wrap=True)
    console.print(f"Of the votes with hash {told.votes_hash}.")


def _print_group(console: Console, group: GroupTold) -> None:
    kept = f"{group.stability:.0%} stay if other statements are asked"
    console.print(f"Group {group.group + 1}: {group.people} people, {kept}.", style="bold")
    if group.doubts:
        console.print(f"  In doubt: {'; '.join(group.doubts)}.")
    for one in group.holds:
        words, share = escape(one.text or one.statement), f"{one.hits} of {one.seen}"
        console.print(
            f"- {one.side}: {words} ({share}; {one.ratio:.1f} x the others)", soft_wrap=True
        )
