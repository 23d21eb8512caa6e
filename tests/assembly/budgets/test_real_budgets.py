"""Real budgets: what cities announced is what we count, and every count is proven."""

import gzip
import json
from pathlib import Path

import msgspec
import pytest

from bioloom.assembly.budgets.certifying import certify
from bioloom.assembly.budgets.completing import Completion, complete
from bioloom.assembly.budgets.posing import Utility
from bioloom.assembly.budgets.stakes import stakes_of
from bioloom.assembly.budgets.ties import ranks_of
from bioloom.assembly.budgets.verifying import verify
from bioloom.assembly.pabulib.collapsing import poll_of
from bioloom.assembly.pabulib.reading import read
from bioloom.assembly.pabulib.shapes import Election


def election_in(file: Path) -> Election:
    return read(gzip.decompress(file.read_bytes()))


@pytest.mark.parametrize("name", ["Netherlands_Assen_2024", "Poland_Swiecie_2023"])
def test_winners_are_those_the_city_announced(data: Path, name: str) -> None:
    election = election_in(data / "assembly" / "pabulib" / f"{name}.pb.gz")
    stakes = stakes_of(poll_of(election), Utility.COST)

    outcome = complete(stakes, Completion.ADD1, ranks_of(stakes))

    announced = zip(election.identifiers, election.of_projects("selected"), strict=True)
    assert {election.identifiers[project] for project in outcome.winners} == {
        project for project, selected in announced if selected == "1"
    }


def test_every_count_of_a_real_budget_is_proven(data: Path) -> None:
    files = sorted((data / "assembly" / "pabulib" / "small").glob("*.pb.gz"))
    for file in files:
        election = election_in(file)
        stakes = stakes_of(poll_of(election), Utility.COST)
        outcome = complete(stakes, Completion.NONE, ranks_of(stakes))
        told = json.loads(msgspec.json.encode(certify(stakes, outcome, Completion.NONE, ())))
        verify(told, stakes.poll)

    assert files
