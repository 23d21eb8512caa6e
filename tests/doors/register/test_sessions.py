"""Sessions: a link signs in once, a session ends, and no secret stands in the register."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.register.register import REGISTER_FILE, Register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.sessions import ABSOLUTE_MS, IDLE_MS, LinkRefused
from bioloom.doors.register.stores.sqlite import NotARegister
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant

ANA, BEN = AgentId("ana"), AgentId("ben")
NOW = Instant("2024-01-01T12:00:00.000Z")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register(tmp_path / REGISTER_FILE, city="a") as opened:
        yield opened


def test_a_link_signs_its_agent_in_once(register: Register) -> None:
    link = register.sessions.issue_link(ANA, by=ANA, at=NOW)

    session, secret = register.sessions.redeem_link(link, at=NOW)

    assert session.agent == ANA
    assert register.sessions.session_of(secret, at=NOW) == session
    with pytest.raises(LinkRefused, match="was used or replaced"):
        register.sessions.redeem_link(link, at=NOW)


def test_looking_at_a_link_does_not_use_it_up(register: Register) -> None:
    link = register.sessions.issue_link(ANA, by=BEN, at=NOW)

    assert register.sessions.link_of(link, at=NOW).issued_by == BEN
    assert register.sessions.redeem_link(link, at=NOW).session.agent == ANA


def test_a_link_is_good_for_a_day_and_until_the_next(register: Register) -> None:
    old = register.sessions.issue_link(ANA, by=ANA, at=NOW)
    new = register.sessions.issue_link(ANA, by=ANA, at=NOW)

    with pytest.raises(LinkRefused, match="is not known here"):
        register.sessions.redeem_link(old, at=NOW)
    with pytest.raises(LinkRefused, match="was good until 2024-01-02"):
        register.sessions.redeem_link(new, at=later(NOW, DAY_MS))


@pytest.mark.parametrize("guess", ["", "x", "\0", "ü" * 1000, "' OR 1=1 --", "\udcff"])
def test_a_guess_signs_nobody_in(register: Register, guess: str) -> None:
    register.sessions.issue_link(ANA, by=ANA, at=NOW)

    assert register.sessions.session_of(guess, at=NOW) is None
    with pytest.raises(LinkRefused, match="is not known here"):
        register.sessions.redeem_link(guess, at=NOW)


def test_a_session_ends_when_nobody_used_it_for_a_week(register: Register) -> None:
    _, secret = register.sessions.redeem_link(
        register.sessions.issue_link(ANA, by=ANA, at=NOW), at=NOW
    )
    almost = later(NOW, IDLE_MS - 1)

    assert register.sessions.session_of(secret, at=almost) is not None
    assert register.sessions.session_of(secret, at=later(almost, IDLE_MS - 1)) is not None
    assert register.sessions.session_of(secret, at=later(almost, 2 * IDLE_MS)) is None


def test_a_session_ends_after_a_month_however_much_it_is_used(register: Register) -> None:
    _, secret = register.sessions.redeem_link(
        register.sessions.issue_link(ANA, by=ANA, at=NOW), at=NOW
    )
    for day in range(1, ABSOLUTE_MS // DAY_MS):
        assert register.sessions.session_of(secret, at=later(NOW, day * DAY_MS)) is not None

    assert register.sessions.session_of(secret, at=later(NOW, ABSOLUTE_MS)) is None
    assert register.sessions.sessions_of(ANA, at=later(NOW, ABSOLUTE_MS)) == []
    assert register.sessions.sweep(at=later(NOW, ABSOLUTE_MS)) == 1


def test_one_ends_ones_own_sessions_and_nobody_elses(register: Register) -> None:
    link = register.sessions.issue_link(ANA, by=ANA, at=NOW)
    session, secret = register.sessions.redeem_link(link, at=NOW)

    assert not register.sessions.end_session(session.id, agent=BEN)
    assert register.sessions.session_of(secret, at=NOW) is not None
    assert register.sessions.end_session(session.id, agent=ANA)
    assert register.sessions.session_of(secret, at=NOW) is None


def test_no_secret_stands_in_any_file(register: Register, tmp_path: Path) -> None:
    link = register.sessions.issue_link(ANA, by=ANA, at=NOW)
    _, secret = register.sessions.redeem_link(link, at=NOW)

    files = [file for file in tmp_path.iterdir() if file.is_file()]

    assert len(files) == 3  # The register, its log, and the log's index.
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert secret.encode() not in file.read_bytes()
        assert link.encode() not in file.read_bytes()


def test_a_register_serves_no_other_city(register: Register, tmp_path: Path) -> None:
    register.close()

    with pytest.raises(NotARegister, match="it belongs to another city"):
        Register(tmp_path / REGISTER_FILE, city="b")
    Register(tmp_path / REGISTER_FILE, city="a").close()


@pytest.mark.parametrize(
    "content", [b"nothing of the kind" * 100, b"SQLite format 3\0" + b"\1" * 90]
)
def test_what_is_no_register_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / REGISTER_FILE
    file.write_bytes(content)

    with pytest.raises(NotARegister, match="cannot be used as this city's register"):
        Register(file, city="a")
    assert file.read_bytes() == content
