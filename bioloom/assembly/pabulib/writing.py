"""Writing a Pabulib file."""

import csv
import io
from collections.abc import Iterable, Sequence

from bioloom.assembly.budgets.posing import POINTED, Poll
from bioloom.assembly.pabulib.amounts import written
from bioloom.assembly.pabulib.shapes import DELIMITER, Election, Votes


def write(election: Election) -> bytes:
    """The file of an election; what `read` took from a file it gives back, field by field.

    A file that came with Windows' line ends, blank lines or needless quotes comes back without.
    """
    head = [
        "META",
        *_lines([("key", "value"), *election.meta.items()]),
        "PROJECTS",
        *_lines([election.project_columns, *election.projects]),
        "VOTES",
        *_lines([election.votes.columns]),
    ]
    return ("\n".join([*head, *election.votes.lines]) + "\n").encode()


def election_of(poll: Poll, names: Sequence[str], meta: dict[str, str]) -> Election:
    """A poll of ours as an election in the terms of Pabulib.

    Voters are numbered in the order of their ballots, so that the file does not tell who cast
    which.

    Args:
        poll: What was voted on, and how.
        names: What the projects are called, in their order.
        meta: What else the file shall tell (country, unit, description, rule ...). What the poll
            knows itself (budget, kind, numbers) is put in.
    """
    told = {
        "budget": written(poll.budget, poll.per_unit),
        "num_projects": str(len(poll.projects)),
        "num_votes": str(len(poll.cast)),
        "vote_type": poll.kind.value,
    }
    costs = [written(cost, poll.per_unit) for cost in poll.costs]
    return Election(
        meta=meta | told,
        project_columns=("project_id", "cost", "name"),
        projects=tuple(zip(poll.projects, costs, names, strict=True)),
        votes=_votes(poll),
    )


def _votes(poll: Poll) -> Votes:
    pointed = poll.kind in POINTED
    columns = ("voter_id", "vote", "points") if pointed else ("voter_id", "vote")
    rows = []
    for number, at in enumerate(sorted(poll.cast), start=1):
        ballot = poll.ballots[at]
        vote = ",".join(poll.projects[project] for project in ballot.projects)
        row = (str(number), vote, ",".join(map(str, ballot.points)))
        rows.append(row[: len(columns)])
    return Votes(columns, tuple(_lines(rows)))


def _lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows as lines of the file; a quoted field with a line break stays in one of them."""
    lines = []
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=DELIMITER, lineterminator="").writerow(row)
        lines.append(line.getvalue())
    return lines
