"""`bioloom assembly count`: a budget shared by the ballots of a Pabulib file."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter, validators
from rich.markup import escape

from bioloom.assembly.budgets.certifying import certify
from bioloom.assembly.budgets.completing import Completion, Outcome, complete
from bioloom.assembly.budgets.greedy import greedy
from bioloom.assembly.budgets.loads.maximin import maximin_support
from bioloom.assembly.budgets.loads.phragmen import phragmen
from bioloom.assembly.budgets.measuring.fairness import by_category, by_group, claims, unheard
from bioloom.assembly.budgets.measuring.fragility import fragility
from bioloom.assembly.budgets.measuring.lacking import Lack, lack
from bioloom.assembly.budgets.posing import Poll, Utility
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import USUAL, Tie, ranks_of
from bioloom.assembly.pabulib.amounts import written
from bioloom.assembly.pabulib.collapsing import poll_of
from bioloom.assembly.pabulib.reading import read
from bioloom.assembly.pabulib.refusing import NotPabulib
from bioloom.assembly.pabulib.shapes import Election
from bioloom.doors.answers.assembly.budgets import (
    CountTold,
    GroupTold,
    OtherOutcome,
    cost_of,
    names,
    rounded,
    tell_claim,
    tell_group,
    tell_other,
    tell_projects,
)
from bioloom.doors.cli.printing import DONE, AsJson, out, percent, print_json, table
from bioloom.doors.mappings import open_file
from bioloom.vocabulary.refusal import Refusal

Rule = Literal["equal-shares", "greedy", "phragmen", "maximin-support"]
LARGEST_FILE_BYTES = 512 * 2**20
_SHARES: Rule = "equal-shares"


class FileTooLarge(Refusal):
    """A file that would not fit into memory."""

    def __init__(self, *, file: Path) -> None:
        super().__init__(
            what=f"'{file.name}' is larger than {LARGEST_FILE_BYTES >> 20} MB.",
            why="It is read as a whole.",
            remedy="Leave out columns of the votes that nobody needs.",
        )


class NoSuchColumn(Refusal):
    """A column that the votes of a file do not have."""

    def __init__(self, *, column: str, columns: Sequence[str]) -> None:
        super().__init__(
            what=f"The votes have no column '{column}'.",
            why="Voters are grouped by what it says of them.",
            remedy=f"Name one of {', '.join(columns)}.",
        )


class NotWritable(Refusal):
    """A certificate that could not be written."""

    def __init__(self, *, file: Path, fault: str) -> None:
        super().__init__(
            what=f"'{file}' could not be written: {fault}.",
            why="A count that nobody can check is not worth much.",
            remedy="Name another file with --certificate.",
        )


class OnlyOfEqualShares(Refusal):
    """Something asked of a rule that only equal shares tells."""

    def __init__(self, *, option: str, rule: str) -> None:
        super().__init__(
            what=f"{option} is not told of the rule '{rule}'.",
            why="It is found by counting equal shares again and again.",
            remedy=f"Leave {option} out, or count with --rule equal-shares.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was asked for besides the file."""

    rule: Rule
    completion: Completion
    ties: tuple[Tie, ...]
    by: str | None
    lacks: bool
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Counted:
    """Who won; by equal shares with all of it, and where its certificate is."""

    winners: tuple[int, ...]
    outcome: Outcome | None
    certificate: Path | None = None


def count(
    file: Path,
    *,
    rule: Rule = "equal-shares",
    utility: Utility = Utility.COST,
    completion: Completion = Completion.ADD1,
    ties: Annotated[list[Tie] | None, Parameter(consume_multiple=True)] = None,
    certificate: Path | None = None,
    by: str | None = None,
    lacks: Annotated[bool, Parameter(negative="")] = False,
    draws: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=100_000))] = 0,
    seed: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 1,
    json: AsJson = False,
) -> int:
    """Share a budget among projects by the ballots of a Pabulib file, exactly.

    Equal shares unless another rule is asked for; it writes a certificate, which
    `bioloom assembly check` checks. No city is needed, and nothing else is written.

    Example: bioloom assembly count lodz_2022.pb --completion add1

    Parameters
    ----------
    file
        The file, as pabulib.org publishes them.
    rule
        equal-shares, or to compare: greedy, phragmen, maximin-support.
    utility
        What a funded project is worth to whoever names it: its cost, its number (cardinality), the
        points they gave, or how many stand below it on their list (borda).
    completion
        What is done with money that equal shares leaves over.
    ties
        How ties are broken, first rule first; then by the alphabet of identifiers.
    certificate
        Where the certificate goes; FILE.certificate.json in the folder you are in unless given.
    by
        A column of the votes, such as district: tells what each group of at least 10 voters got.
    lacks
        Try at which cost, and with which budget, each loser would have won. Takes a while.
    draws
        Count again so many times with voters drawn anew, to see how firmly each winner stands.
    seed
        Where drawing begins; the same seed draws the same.
    json
        Print all of it as JSON.
    """
    asked = _Asked(
        rule=rule,
        completion=completion,
        ties=tuple(ties or USUAL),
        by=by,
        lacks=lacks,
        draws=draws,
        seed=seed,
    )
    for option, wanted in (("--lacks", lacks), ("--draws", draws > 0)):
        if wanted and rule != _SHARES:
            raise OnlyOfEqualShares(option=option, rule=rule)
    election, poll = election_in(file)
    stakes = stakes_of(poll, utility)
    if by is not None and by not in election.votes.columns:
        raise NoSuchColumn(column=by, columns=election.votes.columns)
    counted = _count(stakes, rule, completion, ranks_of(stakes, asked.ties))
    if counted.outcome is not None:
        to = certificate or Path(f"{file.stem}.certificate.json")
        _write(to, certify(stakes, counted.outcome, completion, asked.ties))
        counted = replace(counted, certificate=to)
    _tell(election, _told(election, stakes, asked, counted), as_json=json)
    return DONE


def election_in(file: Path) -> tuple[Election, Poll]:
    """Read a file of ballots and pose its poll; what is refused names the file."""
    try:
        election = read(ballots_in(file))
        return election, poll_of(election)
    except NotPabulib as refusal:
        raise refusal.of_file(file.name) from None


def ballots_in(file: Path) -> bytes:
    """The bytes of a file, as far as one is read as a whole."""
    with ExitStack() as held:
        content = open_file(file, held).read(LARGEST_FILE_BYTES + 1)
    if len(content) > LARGEST_FILE_BYTES:
        raise FileTooLarge(file=file)
    return content


def _count(stakes: Stakes, rule: Rule, completion: Completion, ranks: Sequence[int]) -> _Counted:
    if rule == _SHARES:
        outcome = complete(stakes, completion, ranks)
        return _Counted(outcome.winners, outcome)
    others = {"greedy": greedy, "phragmen": phragmen, "maximin-support": maximin_support}
    return _Counted(others[rule](stakes, ranks), None)


def _lacks(stakes: Stakes, outcome: Outcome | None, ranks: Sequence[int]) -> dict[int, Lack]:
    if outcome is None:
        return {}
    lost = set(range(len(ranks))) - set(outcome.count.winners)
    return {project: lack(stakes, outcome.count, ranks, project) for project in sorted(lost)}


def _write(file: Path, told: object) -> None:
    try:
        file.write_bytes(msgspec.json.encode(told) + b"\n")
    except OSError as error:
        raise NotWritable(file=file, fault=error.strerror or str(error)) from error


def _told(election: Election, stakes: Stakes, asked: _Asked, counted: _Counted) -> CountTold:
    poll, won, outcome = stakes.poll, counted.winners, counted.outcome
    ranks, silent = ranks_of(stakes, asked.ties), unheard(stakes, won)
    compared = outcome.compared if outcome else None
    drawn = None
    if asked.draws > 0:
        drawn = fragility(stakes, asked.completion, ranks, draws=asked.draws, seed=asked.seed)
    lacking = _lacks(stakes, outcome, ranks) if asked.lacks else {}
    return CountTold(
        rule=asked.rule,
        utility=stakes.utility.value,
        completion=asked.completion.value if outcome else None,
        ties=tuple(tie.value for tie in asked.ties),
        voters=len(poll.cast),
        ballots=len(poll.ballots),
        budget=poll.budget,
        per_unit=poll.per_unit,
        winners=names(poll, won),
        cost=cost_of(poll, won),
        raised=outcome.raised if outcome else 0,
        unheard=silent.without,
        unheard_share=float(silent.share),
        better_off=compared.more if compared else None,
        worse_off=compared.less if compared else None,
        certificate=None if counted.certificate is None else str(counted.certificate),
        projects=tell_projects(stakes, won, outcome, lacking, drawn),
        beside=_beside(stakes, asked, ranks),
        claims=tuple(tell_claim(poll, claim) for claim in claims(stakes, won)),
        categories=_categories(election, stakes, won),
        groups=_groups(election, stakes, won, asked.by),
        draws=asked.draws,
        same_share=drawn.same / drawn.draws if drawn else None,
    )


def _beside(stakes: Stakes, asked: _Asked, ranks: Sequence[int]) -> OtherOutcome:
    rule: Rule = _SHARES if asked.rule == "greedy" else "greedy"
    return tell_other(stakes, rule, _count(stakes, rule, asked.completion, ranks).winners)


def _categories(election: Election, stakes: Stakes, won: Sequence[int]) -> dict[str, int]:
    if "category" not in election.project_columns:
        return {}
    return rounded(by_category(stakes.poll.costs, won, election.of_projects("category")))


def _groups(
    election: Election, stakes: Stakes, won: Sequence[int], by: str | None
) -> tuple[GroupTold, ...]:
    if by is None:
        return ()
    return tuple(map(tell_group, by_group(stakes, won, election.votes.column(by))))


def _tell(election: Election, told: CountTold, *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    console = out()
    title = dict.fromkeys(election.identifiers, "")
    if "name" in election.project_columns:
        title = dict(zip(election.identifiers, election.of_projects("name"), strict=True))
    won = {row.project: row for row in told.projects if row.won}
    rows = [
        (name, title[name], written(won[name].cost, told.per_unit), f"{won[name].votes:,}")
        for name in told.winners
    ]
    console.print(table("Funded", ["project", "name", "#cost", "#votes"], rows))
    spent, budget = (written(amount, told.per_unit) for amount in (told.cost, told.budget))
    console.print(
        f"{len(rows)} of {len(told.projects)} projects for {spent} of {budget}, "
        f"by {told.rule}, utility {told.utility}, of {told.voters:,} voters."
    )
    console.print(
        f"Voters with nothing funded: {percent(told.unheard_share)}; "
        f"by {told.beside.rule} {percent(told.beside.unheard_share)}."
    )
    for claim in told.claims:
        console.print(f"{claim.voters:,} voters deserved {escape(claim.project)} (EJR+).")
    if told.same_share is not None:
        console.print(f"The same projects won in {percent(told.same_share)} of {told.draws} draws.")
    if told.certificate is not None:
        console.print(f"The certificate is in {escape(told.certificate)}.")
