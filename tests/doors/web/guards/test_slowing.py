"""Slowing: so many tries at once, then one at a time; and nobody waits for somebody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.guards.slowing import Pace, TooManyTries


def test_after_ten_tries_in_a_second_one_waits_six_seconds_for_another() -> None:
    pace = Pace(tries=10, per_s=60)
    for _ in range(10):
        pace.try_at("here", 100.0)

    with pytest.raises(TooManyTries, match="too many tries") as refused:
        pace.try_at("here", 100.0)

    assert refused.value.wait_s == 6
    pace.try_at("elsewhere", 100.0)
    pace.try_at("here", 106.0)


@given(steps_s=st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=60))
def test_in_any_stretch_of_time_no_more_are_allowed_than_its_share_and_the_first_burst(
    steps_s: list[float],
) -> None:
    pace, at_s, allowed = Pace(tries=5, per_s=50), 0.0, []
    for step_s in steps_s:
        at_s += step_s
        try:
            pace.try_at("here", at_s)
        except TooManyTries:
            continue
        allowed.append(at_s)

    for n, first_s in enumerate(allowed):
        for m, last_s in enumerate(allowed[n:], start=1):
            assert m <= 5 + (last_s - first_s) / 10 + 1e-6
