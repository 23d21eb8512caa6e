"""Certificates: what is true is proven, and nothing else is."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.assembly.budgets import verifying
from bioloom.assembly.budgets.certifying import certify
from bioloom.assembly.budgets.completing import Completion, complete
from bioloom.assembly.budgets.posing import NotProven, Poll, Utility
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import Tie, ranks_of
from bioloom.assembly.budgets.verifying import Told, verify
from tests.assembly.budgets.polls import poll_with, staked

MUTATIONS = 1000


def certified(
    stakes: Stakes, completion: Completion = Completion.NONE, ties: Sequence[Tie] = ()
) -> Told:
    outcome = complete(stakes, completion, ranks_of(stakes, ties))
    told: Told = json.loads(msgspec.json.encode(certify(stakes, outcome, completion, ties)))
    return told


def a_city() -> Poll:
    """Forty voters of a few minds, and money for about half of what they want."""
    chance = random.Random(4)
    votes = [sorted(chance.sample(range(9), chance.randint(1, 4))) for _ in range(40)]
    return poll_with([chance.randint(40, 400) for _ in range(9)], votes, 900)


@given(stakes=staked(), completion=st.sampled_from(Completion), tie=st.sampled_from(Tie))
def test_whatever_was_counted_is_proven(stakes: Stakes, completion: Completion, tie: Tie) -> None:
    told = certified(stakes, completion, [tie])

    verify(told, stakes.poll)

    assert len(told["winners"]) == len(told["free"]) + len(told["rounds"])


@pytest.mark.parametrize("completion", [Completion.NONE, Completion.ADD1])
def test_a_thousand_mutated_certificates_are_refused(completion: Completion) -> None:
    poll = a_city()
    told = certified(stakes_of(poll, Utility.COST), completion)
    verify(told, poll)
    chance = random.Random(2026)

    for _ in range(MUTATIONS):
        mutated = json.loads(json.dumps(told))
        mutate(mutated, chance)
        if mutated != told:
            with pytest.raises(NotProven, match="does not hold"):
                verify(mutated, poll)


def mutate(told: Told, chance: random.Random) -> None:
    """Change one thing somewhere: a number, a text, the length or order of a list, a key."""
    places = [(holder, key) for holder, key in _places(told) if key not in ("ties", "utility")]
    holder, key = chance.choice(places)
    value = holder[key]
    if isinstance(value, list):
        changes: list[Callable[[], object]] = [
            lambda: value[1:],
            lambda: [*value, *value[-1:], *([] if value else [0])],
            lambda: value[::-1],
        ]
    elif isinstance(value, int):
        changes = [lambda: value + chance.choice([-1, 1]), lambda: str(value), lambda: -value - 1]
    else:
        changes = [lambda: f"{value}1", lambda: f"1{value}", lambda: None, lambda: 7, list]
    if chance.random() < 0.1:
        del holder[key]
    else:
        holder[key] = chance.choice(changes)()


def _places(node: object) -> list[tuple[Told, str]]:
    if isinstance(node, list):
        return [place for inner in node for place in _places(inner)]
    if not isinstance(node, dict):
        return []
    mine = [(node, key) for key in node]
    return mine + [place for inner in node.values() for place in _places(inner)]


def test_a_cheaper_project_left_out_is_found() -> None:
    poll = poll_with([10, 12], [[0], [0], [1], [1]], 24)
    told = certified(stakes_of(poll, Utility.CARDINALITY))
    told["rounds"] = told["rounds"][::-1]
    told["winners"] = told["winners"][::-1]

    with pytest.raises(NotProven, match="'p1' was not next"):
        verify(told, poll)


def test_an_affordable_project_left_out_is_found() -> None:
    poll = poll_with([10, 12], [[0], [0], [1], [1]], 24)
    told = certified(stakes_of(poll, Utility.COST))
    del told["rounds"][-1]

    with pytest.raises(NotProven, match="still be afforded"):
        verify(told, poll)


def test_the_certificate_of_other_ballots_is_refused() -> None:
    told = certified(stakes_of(poll_with([10], [[0], [0]], 20), Utility.COST))

    with pytest.raises(NotProven, match="does not hold"):
        verify(told, poll_with([10], [[0], [0], []], 30))


def test_money_given_on_paper_that_need_not_have_been_is_refused() -> None:
    # 10 each pays for p0; a unit more would change nothing, and p1 never fits.
    poll = poll_with([20, 90], [[0], [0], [1]], 30)
    stakes = stakes_of(poll, Utility.COST)
    told = certified(stakes, Completion.ADD1)

    assert told["raised"] == 0
    with pytest.raises(NotProven, match="does not hold"):
        verify(told | {"raised": 1}, poll)


def test_the_verifier_is_short_and_shares_no_code_with_the_count() -> None:
    source = Path(verifying.__file__).read_text("utf-8")

    assert source.count("\n") < 100
    imported = [line for line in source.splitlines() if line.startswith("from bioloom")]
    assert [line.split()[1] for line in imported] == ["bioloom.assembly.budgets.posing"]
