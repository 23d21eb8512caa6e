"""Ways in: tokens, passkeys and recovery codes. None is known from what is kept of it."""

from pathlib import Path

import pytest

from bioloom.doors.register.passkeys import CHALLENGE_MS
from bioloom.doors.register.recovering import CODES, CodeRefused
from bioloom.doors.register.register import REGISTER_FILE, Register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.tokens import (
    SCOPES,
    Issued,
    ScopeUnknown,
    TokenTooNarrow,
    see_that_within,
)
from bioloom.ledger.people.roles import ACTS
from bioloom.vocabulary.periods import Instant
from tests.doors.register.guests import NORTH, SOUTH

ANA, BEN = NORTH, SOUTH
NOW = Instant("2024-01-01T12:00:00.000Z")


@pytest.fixture
def issued(register: Register) -> Issued:
    return register.tokens.issue(
        ANA, "weighbridge", ["record", "read"], expires_at=later(NOW, DAY_MS), at=NOW
    )


def test_a_token_is_its_agents_until_it_is_too_old(register: Register, issued: Issued) -> None:
    assert register.tokens.token_of(issued.secret, at=NOW) == issued.token
    assert (issued.token.agent, issued.token.scopes) == (ANA, "read record")
    assert register.tokens.token_of(issued.secret, at=later(NOW, DAY_MS - 1)) is not None
    assert register.tokens.token_of(issued.secret, at=later(NOW, DAY_MS)) is None


def test_a_token_is_nobodys_once_it_was_revoked(register: Register, issued: Issued) -> None:
    assert not register.tokens.revoke(issued.token.id, agent=BEN)
    assert register.tokens.token_of(issued.secret, at=NOW) is not None

    assert register.tokens.revoke(issued.token.id, agent=ANA)

    assert register.tokens.token_of(issued.secret, at=NOW) is None
    assert register.tokens.tokens_of(ANA) == []


def test_a_token_is_found_by_its_whole_secret_only(register: Register, issued: Issued) -> None:
    for guess in (issued.secret[:-1], issued.secret + "A", issued.secret.lower(), issued.token.id):
        assert register.tokens.token_of(guess, at=NOW) is None
    assert register.tokens.token_of(issued.token.secret_sha256.hex(), at=NOW) is None
    # Nor is one kind of secret good in place of another.
    assert register.sessions.session_of(issued.secret, at=NOW) is None


def test_a_token_does_what_its_scopes_say_and_never_deals_with_people(issued: Issued) -> None:
    within = SCOPES["read"] | SCOPES["record"]
    for act in within:
        see_that_within(issued.token, act)
    for act in ACTS - within:
        with pytest.raises(TokenTooNarrow, match="it is for read record"):
            see_that_within(issued.token, act)
    for act in ("grant_role", "invite", "issue_token", "issue_link", "forget", "declare_key"):
        assert not any(act in acts for acts in SCOPES.values())


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "read record"], ["READ"]])
def test_a_token_of_no_known_scope_is_refused(register: Register, scopes: list[str]) -> None:
    with pytest.raises(ScopeUnknown, match="cannot have the scopes"):
        register.tokens.issue(ANA, "t", scopes, expires_at=NOW, at=NOW)


def test_a_challenge_is_taken_once_by_whom_it_was_for_and_in_time(register: Register) -> None:
    passkeys = register.passkeys
    assert passkeys.take(passkeys.challenge(ANA, at=NOW), ANA, at=NOW)

    used, others, late = (passkeys.challenge(ANA, at=NOW) for _ in range(3))
    passkeys.take(used, ANA, at=NOW)
    assert not passkeys.take(used, ANA, at=NOW)
    assert not passkeys.take(others, BEN, at=NOW)
    assert not passkeys.take(others, ANA, at=NOW)  # Tried by somebody else, it is used up.
    assert not passkeys.take(late, ANA, at=later(NOW, CHALLENGE_MS))
    assert not passkeys.take(b"", None, at=NOW)


def test_a_passkey_is_one_agents_only_and_a_copy_of_it_is_found_by_its_count(
    register: Register,
) -> None:
    passkeys = register.passkeys
    made = passkeys.add(ANA, "phone", b"c", public_key=b"k", sign_count=1, at=NOW)

    assert passkeys.add(BEN, "phone", b"c", public_key=b"k", sign_count=1, at=NOW) is None
    assert made is not None
    assert passkeys.passkeys_of(ANA) == [made]
    assert passkeys.used(b"c", sign_count=2, at=NOW)
    assert not passkeys.used(b"c", sign_count=2, at=NOW)
    assert not passkeys.used(b"c", sign_count=0, at=NOW)
    assert not passkeys.remove(made.id, agent=BEN)
    assert passkeys.remove(made.id, agent=ANA)
    assert not passkeys.used(b"c", sign_count=3, at=NOW)


def test_a_passkey_that_does_not_count_signs_in_again_and_again(register: Register) -> None:
    register.passkeys.add(ANA, "phone", b"c", public_key=b"k", sign_count=0, at=NOW)

    assert all(register.passkeys.used(b"c", sign_count=0, at=NOW) for _ in range(3))


def test_a_recovery_code_signs_in_once_however_it_is_typed(register: Register) -> None:
    codes = register.recovery.make_codes(ANA)
    typed = f" {codes[0].lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "

    session, secret = register.recovery.redeem(typed, at=NOW)

    assert (session.agent, session.how) == (ANA, "recovery")
    assert register.sessions.session_of(secret, at=NOW) == session
    assert (len(codes), register.recovery.codes_left(ANA)) == (CODES, CODES - 1)
    with pytest.raises(CodeRefused, match="was used"):
        register.recovery.redeem(codes[0], at=NOW)


def test_a_recovery_code_is_neither_guessed_by_a_part_nor_good_after_newer_ones(
    register: Register, city_files: list[Path]
) -> None:
    old, *_ = register.recovery.make_codes(ANA)
    new, *_ = register.recovery.make_codes(ANA)

    for guess in (old, new[:6], new[:-1], new + "0", "", new[:6] + "0" * 12, "x" * 10**6):
        with pytest.raises(CodeRefused, match="not known here"):
            register.recovery.redeem(guess, at=NOW)
    for file in city_files:
        assert new.replace("-", "")[6:].encode() not in file.read_bytes()
    assert register.recovery.redeem(new, at=NOW).session.agent == ANA


def test_no_secret_of_a_token_stands_in_any_file(issued: Issued, city_files: list[Path]) -> None:
    assert any(file.name.startswith(REGISTER_FILE) for file in city_files)
    for file in city_files:
        assert issued.secret.encode() not in file.read_bytes()
