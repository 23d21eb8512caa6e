"""`bioloom assembly ballot open`, `close`, `paper`, `papers` and `tally`: who holds a ballot."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from bioloom.assembly.ballots.filling import QUESTIONS, answers
from bioloom.assembly.ballots.opening import BallotAmiss
from bioloom.doors.acting import acting_as
from bioloom.doors.assembly.balloting import (
    close_in,
    count_papers_in,
    hand_paper,
    open_box,
    open_in,
    tally_in,
)
from bioloom.doors.cli.people.deciding import tell_decided
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json
from bioloom.doors.compose import City, open_city
from bioloom.doors.stores.box import BallotBox
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ballots import (
    BallotId,
    BallotOpened,
    BallotTallied,
    Option,
    OptionId,
    PaperMarks,
    Rule,
    TieBreak,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import read_instant

Options = Annotated[list[str] | None, Parameter(name="--option", consume_multiple=False)]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What is frozen when a ballot is opened.

    Parameters
    ----------
    of
        The commons whose people vote.
    title
        What is asked.
    text
        More of it, in people's language.
    until
        When it closes, such as 2026-03-08T18:00:00Z.
    rule
        How it is counted.
    option
        Something to vote for, as name=title; a question has the answers of its rule.
    seats
        At most so many win.
    tie
        How a tie is broken: as listed, or by a lot that the closing entry draws.
    quorum
        So many thousandths of those who may vote must have voted.
    majority
        More than so many thousandths of yes and no must be yes.
    proposal
        What it decides on, where that stands in the record.
    """

    of: str
    title: str
    until: str
    text: str = ""
    rule: Rule = "majority"
    option: Options = None
    seats: int = 1
    tie: TieBreak = "listed"
    quorum: int = 0
    majority: int = 500
    proposal: str | None = None


def open_(
    folder: Path, ballot: str, *, frozen: Frozen, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Open a ballot: its question, rule, tie-break, quorum and electorate are frozen.

    Example: bioloom assembly ballot open town park --of commons:willow --title "A wild park?"
        --until 2026-03-08T18:00:00Z --quorum 200

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name: small letters, digits and '-'.
    frozen
        What is asked, of whom, and how it is counted.
    as_
        Who opens it; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    body = BallotOpened(
        ballot=BallotId(ballot),
        assembly=AgentId(frozen.of),
        title=frozen.title,
        text=frozen.text,
        rule=frozen.rule,
        options=_options(ballot, frozen),
        tie=frozen.tie,
        electorate=0,
        slips=0,
        root="",
        closes_at=read_instant(frozen.until),
        seats=frozen.seats,
        quorum_per_mille=frozen.quorum,
        majority_per_mille=frozen.majority,
        proposal=frozen.proposal,
    )
    _hold(folder, as_, as_json, lambda city, box, by: open_in(city, box, body, by=by))


def close(folder: Path, ballot: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Close a ballot whose time is over. Nothing that is recorded after it counts.

    Example: bioloom assembly ballot close town park

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    as_
        Who closes it; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    _hold(folder, as_, as_json, lambda city, _, by: close_in(city, ballot, by=by))


def tally(folder: Path, ballot: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Count a closed ballot: every ballot is held against its seal, and ties broken as declared.

    Example: bioloom assembly ballot tally town park

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    as_
        Who has it counted; the steward unless given.
    as_json
        Print what came of it as JSON.
    """
    with open_city(folder) as city, open_box(city) as box:
        entry = tally_in(city, box, ballot, by=acting_as(city, as_))
    if as_json:
        print_json(entry.body)
    else:
        print_tally(entry.body)


def paper(
    folder: Path, ballot: str, who: str, *, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Hand somebody in the room a paper ballot in the place of their credential.

    Example: bioloom assembly ballot paper town park person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    who
        Who gets the paper.
    as_
        Who hands it out; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    _hold(
        folder,
        as_,
        as_json,
        lambda city, box, by: hand_paper(city, box, ballot, AgentId(who), by=by),
    )


def papers(
    folder: Path,
    ballot: str,
    counted: list[str],
    *,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Say how many paper ballots had which marks. They count once two people say the same.

    Example: bioloom assembly ballot papers town park yes=12 no=7 =1 --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    counted
        Marks, with commas between (of a ranked ballot from the best down), and how many papers had
        them; before the '=' of blank ones stands nothing.
    as_
        Who counted; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    told = tuple(_papers(ballot, one) for one in counted)
    _hold(folder, as_, as_json, lambda city, _, by: count_papers_in(city, ballot, told, by=by))


def print_tally(tallied: BallotTallied) -> None:
    """Print what came of a ballot, for people."""
    console = out()
    for round_ in tallied.rounds:
        figures = ", ".join(f"{option} {figure}" for option, figure in round_.figures.items())
        console.print(escape(f"{round_.said}: {figures}"), soft_wrap=True)
    counts = ", ".join(f"{option} {many}" for option, many in tallied.counts.items())
    console.print(escape(f"{tallied.cast} ballots, {tallied.blank} blank: {counts}."))
    quorum = "The quorum was reached" if tallied.quorum_reached else "There was no quorum"
    tie = ", a tie was broken as declared" if tallied.tie_broken else ""
    console.print(f"{quorum}{tie}.")
    won = ", ".join(tallied.winners) or "nothing"
    console.print(escape(f"{'Decided' if tallied.carried else 'Not carried'}: {won}."))


def _options(ballot: str, frozen: Frozen) -> tuple[Option, ...]:
    if frozen.rule in QUESTIONS:
        if frozen.option:
            found = "a question has the answers of its rule, and no others"
            raise BallotAmiss(ballot=ballot, found=found)
        return answers(frozen.rule)
    pairs = [one.partition("=") for one in frozen.option or ()]
    return tuple(
        Option(option=OptionId(name.strip()), title=title.strip() or name)
        for name, _, title in pairs
    )


def _papers(ballot: str, text: str) -> PaperMarks:
    marks, equals, many = text.rpartition("=")
    if not equals or not many.isascii() or not many.isdigit() or len(many) > 9:
        raise BallotAmiss(ballot=ballot, found=f"'{text[:80]}' is not written as marks=papers")
    told = tuple(OptionId(mark) for mark in marks.split(",") if mark)
    return PaperMarks(marks=told, papers=int(many))


def _hold(
    folder: Path,
    as_: str | None,
    as_json: bool,
    holding: Callable[[City, BallotBox, AgentId], Entry[Any]],
) -> None:
    with open_city(folder) as city, open_box(city) as box:
        entry = holding(city, box, acting_as(city, as_))
    tell_decided(entry, as_json=as_json)
