"""Visiting: a seal is good for its own session, and another one every time."""

from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.visiting import is_sealed, seal_for

secrets = st.text(min_size=1, max_size=50)


@given(secret=secrets)
def test_every_seal_of_a_session_is_another_and_each_is_good(secret: str) -> None:
    one, other = seal_for(secret), seal_for(secret)

    assert one != other
    assert is_sealed(secret, one)
    assert is_sealed(secret, other)


@given(secret=secrets, other=secrets)
def test_a_seal_is_good_for_its_own_session_only(secret: str, other: str) -> None:
    assert is_sealed(other, seal_for(secret)) == (secret == other)


@given(seal=st.text(max_size=100))
def test_no_text_by_chance_is_a_seal(seal: str) -> None:
    assert not is_sealed("a secret", seal)
