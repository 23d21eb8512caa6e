"""From a Pabulib file to a poll: ballots alike are held once, with who cast them."""

from itertools import chain

from bioloom.assembly.budgets.posing import POINTED, Ballot, Kind, Poll
from bioloom.assembly.pabulib.amounts import minor_units, per_unit
from bioloom.assembly.pabulib.refusing import NotPabulib
from bioloom.assembly.pabulib.shapes import Election


def poll_of(election: Election) -> Poll:
    """The poll of an election, amounts in the minor units that its decimals need.

    An empty ballot counts: its voter has a share like anybody, and supports nothing.

    Raises:
        NotPabulib: If a ballot names an unknown project or one twice, or gives points that are no
            whole numbers.
    """
    kind = election.kind
    told = election.votes.column("vote")
    if kind in POINTED:
        told = list(map(";".join, zip(told, election.votes.column("points"), strict=True)))
    places = {name: at for at, name in enumerate(election.identifiers)}
    ballots: dict[Ballot, int] = {}
    known: dict[str, int] = {}
    for text in dict.fromkeys(told):
        ballot = _ballot(text, kind, places)
        if ballot is None:
            raise _bad_ballot(text, election.votes.begins + told.index(text), places)
        known[text] = ballots.setdefault(ballot, len(ballots))
    costs = election.of_projects("cost")
    per = per_unit(chain([election.meta["budget"]], costs))
    return Poll(
        projects=election.identifiers,
        costs=tuple(minor_units(cost, per) for cost in costs),
        budget=minor_units(election.meta["budget"], per),
        per_unit=per,
        kind=kind,
        ballots=tuple(ballots),
        cast=tuple(map(known.__getitem__, told)),
    )


def _ballot(text: str, kind: Kind, places: dict[str, int]) -> Ballot | None:
    """A ballot read, or nothing if it cannot be."""
    vote, _, told = text.partition(";")
    if not vote:
        return None if told else Ballot((), ())
    projects = [places.get(name, -1) for name in vote.split(",")]
    if -1 in projects:
        projects = [places.get(name.strip(), -1) for name in vote.split(",")]
    if -1 in projects or len(set(projects)) < len(projects):
        return None
    if kind not in POINTED:
        ordered = projects if kind is Kind.ORDINAL else sorted(projects)
        return Ballot(tuple(ordered), (1,) * len(ordered))
    given = [point.strip() for point in told.split(",")]
    if len(given) != len(projects) or not all(map(str.isdecimal, given)):
        return None
    paired = sorted(zip(projects, map(int, given), strict=True))
    return Ballot(tuple(p for p, _ in paired), tuple(n for _, n in paired))


def _bad_ballot(text: str, line: int, places: dict[str, int]) -> NotPabulib:
    vote = text.partition(";")[0].split(",")
    unknown = [name for name in map(str.strip, vote) if name not in places]
    if unknown:
        what = f"'{unknown[0]}' is no project of this file."
    elif len(set(vote)) < len(vote):
        what = "A project stands twice on one ballot."
    else:
        what = "The points do not match the projects, or are no whole numbers from 0 up."
    return NotPabulib(
        line=line, what=what, remedy="Correct the ballot, or leave it out and say so in META."
    )
