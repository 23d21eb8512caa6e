"""Passkeys: made once, shown as often as wanted, and by nobody who does not hold the key."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.doors.register.stores.rows import Passkey
from bioloom.doors.web.routes.people.ceremonies import (
    Party,
    PasskeyRefused,
    answered,
    ask_to_make,
    ask_to_show,
    made,
    shown,
)
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from tests.doors.web.authenticator import Authenticator, spoilt

PARTY = Party(name="Verdiva", host="localhost", origin="http://localhost:8000")
MAKING, SHOWING = b"m" * 32, b"s" * 32
PARTS = ["clientDataJSON", "authenticatorData", "signature"]


def kept(credential: bytes, public_key: bytes, sign_count: int) -> Passkey:
    at = Instant("2026-01-01T12:00:00.000Z")
    return Passkey(
        credential, "id", AgentId("person:1"), "1", public_key, sign_count, "", at, used_at=None
    )


def registered() -> tuple[Authenticator, Passkey]:
    device = Authenticator(origin=PARTY.origin)
    asked = ask_to_make(PARTY, MAKING, agent=AgentId("person:1"), called="Ana", known=[])
    answer = device.make(asked)
    assert answered(answer) == (device.credential, MAKING)
    new = made(answer, PARTY, MAKING)
    return device, kept(new.credential, new.public_key, new.sign_count)


def test_a_passkey_that_was_made_can_be_shown_again_and_again() -> None:
    device, passkey = registered()

    for uses in (1, 2, 3):
        answer = device.show(ask_to_show(PARTY, SHOWING))
        assert answered(answer) == (device.credential, SHOWING)
        assert shown(answer, PARTY, SHOWING, passkey) == uses
        passkey = passkey._replace(sign_count=uses)


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
        count = shown(device.show(ask_to_show(PARTY, SHOWING)), PARTY, SHOWING, passkey)
        passkey = passkey._replace(sign_count=count)

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
    passkey = kept(b"", b"", 0)
    answer = msgspec.json.encode(told)

    with pytest.raises(PasskeyRefused, match="not accepted"):
        made(answer, PARTY, MAKING)
    with pytest.raises(PasskeyRefused, match="not accepted"):
        shown(answer, PARTY, MAKING, passkey)
