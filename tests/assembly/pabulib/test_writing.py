"""Writing Pabulib: what was read comes back, and a poll of ours becomes a file anybody can read."""

import gzip
from pathlib import Path

from hypothesis import given

from bioloom.assembly.budgets.posing import Poll
from bioloom.assembly.pabulib.collapsing import poll_of
from bioloom.assembly.pabulib.reading import read
from bioloom.assembly.pabulib.writing import election_of, write
from tests.assembly.budgets.polls import polls
from tests.assembly.pabulib.files import APPROVAL


def test_a_file_comes_back_byte_for_byte() -> None:
    assert write(read(APPROVAL.encode())).decode() == APPROVAL


@given(poll=polls())
def test_a_poll_comes_back_from_its_file(poll: Poll) -> None:
    names = ["a; name" if at % 2 else 'the "other"' for at in range(len(poll.projects))]

    election = read(write(election_of(poll, names, {"unit": "Lower Verdiva"})))

    back = poll_of(election)
    assert election.of_projects("name") == names
    assert (back.projects, back.costs, back.budget) == (poll.projects, poll.costs, poll.budget)
    told = sorted(poll.ballots[at] for at in poll.cast)
    assert sorted(back.ballots[at] for at in back.cast) == told


def test_every_real_file_comes_back(data: Path) -> None:
    files = sorted((data / "assembly" / "pabulib").rglob("*.pb.gz"))
    for file in files:
        election = read(gzip.decompress(file.read_bytes()))
        assert read(write(election)) == election, file.name

    assert files
