"""Passkeys: made once, shown as often as wanted, and by nobody who does not hold the key."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.web.routes.people.ceremonies import (
    CHALLENGE_LASTS_S,
    Challenges,
    Party,
    Passkey,
    PasskeyRefused,
    answered,
    ask_to_make,
    ask_to_show,
    made,
    shown,
)
from bioloom.vocabulary.agents import AgentId
from tests.doors.web.authenticator import Authenticator, spoilt

PARTY = Party(name="Verdiva", host="localhost", origin="http://localhost:8000")
MAKING, SHOWING = b"m" * 32, b"s" * 32
PARTS = ["clientDataJSON", "authenticatorData", "signature"]


def registered() -> tuple[Authenticator, Passkey]:
    device = Authenticator(origin=PARTY.origin)
    asked = ask_to_make(PARTY, MAKING, agent=AgentId("person:1"), called="Ana", known=[])
    answer = device.make(asked)
    assert answered(answer) == (device.credential, MAKING)
    return device, made(answer, PARTY, MAKING)


def test_a_passkey_that_was_made_can_be_shown_again_and_again() -> None:
    device, passkey = registered()

    for uses in (1, 2, 3):
        answer = device.show(ask_to_show(PARTY, SHOWING))
        assert answered(answer) == (device.credential, SHOWING)
        passkey = shown(answer, PARTY, SHOWING, passkey)
        assert passkey.uses == uses


@given(part=st.sampled_from(PARTS), at=st.integers(min_value=0, max_value=300))
def test_an_answer_with_one_bit_turned_over_proves_nothing(part: str, at: int) -> None:
    device, passkey = registered()
    answer = spoilt(device.show(ask_to_show(PARTY, SHOWING)), part, at)

    with pytest.raises(PasskeyRefused, match="not accepted"):
        shown(answer, PARTY, SHOWING, passkey)


def test_an_answer_to_another_question_proves_nothing() -> None:
    device, passkey = registered()
    answer = device.show(ask_to_show(PARTY, SHOWING))

    with pytest.raises(PasskeyRefused, match="challenge"):
        shown(answer, PARTY, MAKING, passkey)


def test_another_site_cannot_pass_an_answer_on() -> None:
    device, passkey = registered()
    device.origin = "https://evil.example"
    answer = device.show(ask_to_show(PARTY, SHOWING))

    with pytest.raises(PasskeyRefused, match="origin"):
        shown(answer, PARTY, SHOWING, passkey)


def test_a_copy_of_a_device_is_found_by_its_count() -> None:
    device, passkey = registered()
    copy = Authenticator(origin=device.origin, key=device.key, credential=device.credential)
    for _ in range(3):
        passkey = shown(device.show(ask_to_show(PARTY, SHOWING)), PARTY, SHOWING, passkey)

    with pytest.raises(PasskeyRefused, match="sign count"):
        shown(copy.show(ask_to_show(PARTY, SHOWING)), PARTY, SHOWING, passkey)


def test_a_device_is_asked_for_no_second_passkey() -> None:
    _, passkey = registered()
    asked = msgspec.json.decode(
        ask_to_make(
            PARTY, MAKING, agent=AgentId("person:1"), called="Ana", known=[passkey.credential]
        )
    )

    assert [one["type"] for one in asked["excludeCredentials"]] == ["public-key"]
    assert "person:1" not in str(asked)
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "preferred"


@given(answer=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_sent_is_refused_and_never_breaks(answer: bytes) -> None:
    with pytest.raises(PasskeyRefused, match="cannot be read"):
        answered(answer)
    with pytest.raises(PasskeyRefused, match="not accepted"):
        made(answer, PARTY, MAKING)


@given(
    told=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "rawId", "type", "response", *PARTS, "attestationObject"]),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_whatever_json_is_sent_is_refused_and_never_breaks(told: object) -> None:
    passkey = Passkey(credential=b"", public_key=b"", uses=0)
    answer = msgspec.json.encode(told)

    with pytest.raises(PasskeyRefused, match="not accepted"):
        made(answer, PARTY, MAKING)
    with pytest.raises(PasskeyRefused, match="not accepted"):
        shown(answer, PARTY, MAKING, passkey)


def test_a_challenge_is_good_once_for_whom_it_was_given_and_not_for_long() -> None:
    challenges = Challenges()
    challenges.give(MAKING, session="one", at_s=0)
    challenges.give(SHOWING, session=None, at_s=0)

    challenges.take(SHOWING, session=None, at_s=1)
    for challenge, session, at_s in [
        (SHOWING, None, 1.0),  # Used up.
        (MAKING, "another", 1.0),  # Given to another session; it is gone now.
        (MAKING, "one", 1.0),
        (challenges.give(b"late", session=None, at_s=0), None, CHALLENGE_LASTS_S),
    ]:
        with pytest.raises(PasskeyRefused, match="no question that is open"):
            challenges.take(challenge, session=session, at_s=at_s)
