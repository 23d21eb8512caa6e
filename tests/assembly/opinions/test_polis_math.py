"""Each stage of the map beside the numbers that Polis itself came to, from the same votes.

What is alike: means, axes, and what groups hold, given Polis' groups. What differs, and why:

- Polis reckons with -1 for agree, so its means have the other sign.
- Polis takes what was moderated out as passed by all; here it is on no map. The axes are alike once
  it is treated as Polis does.
- In one conversation Polis counts a person more, who has no vote in the votes that it gave out, and
  its means of some statements are those of an earlier moment; they differ by 0.2 at most.
- Polis stretches the coordinates of those who voted little; here they are drawn to the middle.
"""

import gzip
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from bioloom.assembly.opinions.intervals import shrunk
from bioloom.assembly.opinions.kernels import counted
from bioloom.assembly.opinions.mapping import map_opinions
from bioloom.assembly.opinions.projecting import axes_of, sums_of
from bioloom.assembly.opinions.representing import representatives
from bioloom.assembly.opinions.votes import PASS, UNSEEN, Votes

NAMES = ["25ptpt-3gp-no-strict-with-meta", "50ptpt-3gp-strict-no-meta", "below-100-ptpts"]
# Where Polis' numbers are of the same votes to the last one.
EXACT = [NAMES[0], NAMES[2]]


class Case(NamedTuple):
    """Votes, and what Polis made of them."""

    votes: Votes
    math: dict[str, Any]


def case(data: Path, name: str) -> Case:
    folder = data / "assembly" / "polis_math" / name
    math, told = (
        json.loads(gzip.decompress((folder / f"{file}.json.gz").read_bytes()))
        for file in ("math-pca2", "votes")
    )
    rows = [
        (row.get("participant_id", row.get("pid")), row.get("statement_id", row.get("tid")), row)
        for row in sorted(told, key=lambda row: float(row["modified"]))
    ]
    people = sorted({person for person, _, _ in rows})
    column_of = {tid: column for column, tid in enumerate(math["tids"])}
    cells = np.full((len(people), len(column_of)), UNSEEN, np.int8)
    for person, statement, row in rows:
        if statement in column_of:
            cells[people.index(person), column_of[statement]] = row["vote"]
    return Case(Votes(tuple(map(str, people)), tuple(map(str, math["tids"])), cells), math)


def as_polis_takes_it(found: Case) -> Votes:
    """The votes with what was moderated out passed by all."""
    cells = found.votes.cells.copy()
    out = [found.math["tids"].index(tid) for tid in found.math["mod-out"]]
    cells[:, out] = PASS
    return Votes(found.votes.people, found.votes.statements, cells)


def groups_of(found: Case) -> NDArray[np.int64]:
    """The group of each person, as Polis has it; -1 of no group."""
    clusters = found.math["base-clusters"]
    base = dict(zip(clusters["id"], clusters["members"], strict=True))
    label = np.full(len(found.votes.people), -1, np.int64)
    for group in found.math["group-clusters"]:
        for cluster in group["members"]:
            for person in base[cluster]:
                label[found.votes.people.index(str(person))] = group["id"]
    return label


@pytest.mark.parametrize(("name", "far"), [(NAMES[0], 1e-9), (NAMES[1], 0.2), (NAMES[2], 1e-9)])
def test_means_are_those_of_polis(data: Path, name: str, far: float) -> None:
    found = case(data, name)
    means = sums_of(as_polis_takes_it(found)).means
    np.testing.assert_allclose(means, -np.array(found.math["pca"]["center"]), atol=far)


@pytest.mark.parametrize(("name", "far"), [(NAMES[0], 1e-9), (NAMES[1], 1e-3), (NAMES[2], 1e-9)])
def test_axes_are_those_of_polis_but_for_their_sign(data: Path, name: str, far: float) -> None:
    found = case(data, name)
    votes = as_polis_takes_it(found)
    along = axes_of(votes, sums_of(votes)).along[:, :2]
    for own, theirs in zip(along.T, np.array(found.math["pca"]["comps"]), strict=True):
        assert abs(own @ theirs) == pytest.approx(1.0, abs=far)


@pytest.mark.parametrize("name", EXACT)
def test_what_groups_said_is_what_polis_counts(data: Path, name: str) -> None:
    found = case(data, name)
    counts = counted(found.votes.cells, groups_of(found), len(found.math["group-clusters"]))
    for group, votes in found.math["group-votes"].items():
        for tid, told in votes["votes"].items():
            column = found.math["tids"].index(int(tid))
            assert counts[:, int(group), column].tolist() == [told["A"], told["D"], told["S"]]


@pytest.mark.parametrize("name", EXACT)
def test_shares_and_ratios_of_what_groups_hold_are_those_of_polis(data: Path, name: str) -> None:
    found, checked = case(data, name), 0
    counts = counted(found.votes.cells, groups_of(found), len(found.math["group-clusters"]))
    for group, told in found.math["repness"].items():
        own = counts[:, int(group)]
        others = counts.sum(axis=1) - own
        for one in told:
            column = found.math["tids"].index(one["tid"])
            side = 0 if one["repful-for"] == "agree" else 1
            share = shrunk(own[side], own[2])[column]
            rest = shrunk(others[side], others[2])[column]
            assert own[side, column] == one["n-success"]
            assert own[2, column] == one["n-trials"]
            assert share == pytest.approx(one["p-success"])
            assert share / rest == pytest.approx(one["repness"])
            checked += 1
    assert checked >= 10


@pytest.mark.parametrize("name", EXACT)
def test_what_is_surely_held_passes_the_tests_of_polis(data: Path, name: str) -> None:
    # Polis asks for two tests at 90 %; two intervals that lie apart ask for more.
    found, checked = case(data, name), 0
    counts = counted(found.votes.cells, groups_of(found), len(found.math["group-clusters"]))
    for group in range(counts.shape[1]):
        others = counts.sum(axis=1) - counts[:, group]
        for one in representatives(counts, group):
            side = 0 if one.side == "agree" else 1
            rest = (int(others[side, one.statement]), int(others[2, one.statement]))
            assert two_shares_test((one.hits, one.seen), rest) > 1.2816
            checked += 1
    assert checked >= 5


def two_shares_test(own: tuple[int, int], others: tuple[int, int]) -> float:
    """Polis' repness-test: how many standard errors two shares, each with one hit more, differ."""
    (hits, number), (other_hits, other_number) = [(x + 1, n + 1) for x, n in (own, others)]
    pooled = (hits + other_hits) / (number + other_number)
    error = (pooled * (1 - pooled) * (1 / number + 1 / other_number)) ** 0.5
    return float((hits / number - other_hits / other_number) / error)


@pytest.mark.parametrize("name", NAMES)
def test_the_map_of_so_few_says_how_unsure_it_is(data: Path, name: str) -> None:
    # Polis tells three groups of 23 to 43 people; here none, or groups with their doubts.
    found = map_opinions(case(data, name).votes)
    assert len(found.groups) == 1 or all(group.doubts for group in found.groups)
