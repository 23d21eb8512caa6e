"""Following: after every vote the map stands where a map made from nothing would."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.assembly.opinions.following import Following
from bioloom.assembly.opinions.mapping import map_opinions
from bioloom.assembly.opinions.stability import Resampling
from bioloom.assembly.opinions.votes import Said, Vote, table_of
from tests.assembly.opinions.generated import planted

FEW = Resampling(runs=1)
SAID = st.sampled_from(["agree", "disagree", "pass"])


@settings(max_examples=10, deadline=None)
@given(
    told=st.lists(
        st.builds(Vote, st.integers(0, 90).map(str), st.integers(0, 30).map(str), SAID),
        min_size=1,
        max_size=30,
    )
)
def test_people_stand_where_the_whole_map_puts_them(told: list[Vote]) -> None:
    votes, _ = planted(80, 30, 2)
    following = Following(votes, FEW)
    for vote in told:
        placed = following.take(vote)
    whole = map_opinions(following.votes, FEW)
    np.testing.assert_allclose(placed.sure, whole.sure, atol=1e-6)
    voted = ~np.isnan(whole.at[:, 0])
    np.testing.assert_allclose(placed.at[voted][:, 0], whole.at[voted][:, 0], atol=1e-6)
    np.testing.assert_array_equal(placed.label, whole.label)


def test_a_conversation_can_be_followed_from_its_first_vote() -> None:
    draw = np.random.default_rng(0)
    told: list[Vote] = []
    following = Following(table_of([]), FEW)
    for _ in range(400):
        person, statement = str(draw.integers(15)), str(draw.integers(10))
        said: Said = "agree" if (int(person) + int(statement)) % 2 else "disagree"
        told.append(Vote(person, statement, said))
        placed = following.take(told[-1])
    assert following.votes.digest == table_of(told).digest
    assert len(placed.people) == 15
    assert len(following.whole().groups) == 2


def test_what_was_given_is_left_as_it_was() -> None:
    votes, _ = planted(40, 20, 2)
    before = votes.digest
    Following(votes, FEW).take(Vote("0", "0", "pass"))
    assert table_of([]).cells.size == 0
    votes.__dict__.pop("digest")
    assert votes.digest == before


def test_a_whole_map_is_due_after_a_hundredth_of_the_votes() -> None:
    votes, _ = planted(40, 20, 2)
    following = Following(votes, FEW)
    due = [following.take(Vote("0", str(n % 20), "agree")).is_due for n in range(10)]
    assert not due[0]
    assert due[-1]
    following.whole()
    assert not following.take(Vote("0", "0", "agree")).is_due
