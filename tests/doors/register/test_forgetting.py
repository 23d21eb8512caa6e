"""Forgetting: a person's name is in no file any more, and the record still holds."""

import threading
from datetime import date
from pathlib import Path

import pytest

from bioloom.doors.compose import City, now
from bioloom.doors.register.inviting import invite
from bioloom.doors.register.register import Register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.stores.rows import TABLES, Invitation
from bioloom.doors.register.stores.rows import City as CityRow
from bioloom.ledger.people.people import Office
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId
from tests.doors.register.guests import NORTH, guest

NAME, TEXT = "Wilhelmina Unmistakable", "from my grandmother's attic in Juniper Lane"


def known_everywhere(register: Register, city: City) -> tuple[AgentId, str]:
    """Somebody of whom every table of the register has something, and the hash of their text."""
    who, at = guest(register, city, NAME, "steward"), now()
    digest = register.keep_text(who, TEXT)
    register.tokens.issue(who, f"{NAME}'s scales", ["read"], expires_at=later(at, DAY_MS), at=at)
    register.passkeys.add(who, f"{NAME}'s phone", b"c", public_key=b"k", sign_count=0, at=at)
    register.passkeys.challenge(who, at=at)
    register.recovery.make_codes(who)
    register.sessions.issue_link(who, by=who, at=at)
    invite(register, city, Office("member", NORTH), by=who)
    return who, digest


def lot_of(who: AgentId, note: str) -> Draft[LotArrived]:
    body = LotArrived(
        lot=LotId(f"attic:{note}"),
        material=MaterialId("textiles"),
        place=DistrictId("north"),
        owner=who,
        holder=who,
        mass_mg=3,
        reported="3",
        unit="mg",
        stamp="measured",
        first_day=date(2024, 1, 1),
        last_day=date(2024, 1, 1),
    )
    return Draft(body=body, occurred_at=now(), author=who, idempotency_key=body.lot)


def files_with(folder: Path, text: str) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if text.encode() in file.read_bytes()]


def test_who_is_forgotten_is_in_no_file_and_the_record_holds_as_before(
    register: Register, city: City
) -> None:
    who, digest = known_everywhere(register, city)
    city.journal.record([lot_of(who, digest)], recorded_at=now())
    other = guest(register, city, "Kay")
    before = city.journal.head()
    assert verify(city.journal.store).holds
    assert files_with(city.folder, NAME)
    assert files_with(city.folder, TEXT)

    register.forget(who)

    for text in (NAME, "Unmistakable", TEXT, "grandmother"):
        assert files_with(city.folder, text) == []
    assert city.journal.head() == before
    assert verify(city.journal.store).holds
    # What they gave is still there, under the pseudonym that nobody knows any more.
    assert next(iter(city.journal.current([f"attic:{digest}"]).values())).body.owner == who
    assert register.names() == {other: "Kay"}
    assert register.texts([digest]) == {}


def test_nothing_of_who_is_forgotten_is_left_in_any_table(register: Register, city: City) -> None:
    who, _ = known_everywhere(register, city)
    kinds = TABLES.keys() - {CityRow}
    assert all(register.store.rows(kind) for kind in kinds)

    register.forget(who)

    assert [kind for kind in kinds if register.store.rows(kind)] == []


def test_no_way_in_is_left_to_who_is_forgotten(register: Register, city: City) -> None:
    who, at = guest(register, city, NAME), now()
    secret = register.sessions.redeem_link(
        register.sessions.issue_link(who, by=who, at=at), at=at
    ).secret

    register.forget(who)

    assert register.sessions.session_of(secret, at=at) is None
    assert register.store.rows(Invitation) == []


def test_a_text_that_was_altered_in_the_register_is_not_shown(
    register: Register, city: City
) -> None:
    who = guest(register, city, "Kay")
    sound, altered = (register.keep_text(who, text) for text in ("as it was", "as it was"))
    assert sound != altered

    with register.store.writing():
        register.store._connection.execute(
            "UPDATE texts SET text = 'otherwise' WHERE sha256 = ?", (altered,)
        )

    assert register.texts([sound, altered]) == {sound: "as it was"}


def test_names_are_forgotten_while_others_sign_in(register: Register, city: City) -> None:
    guests = [guest(register, city, f"{NAME} {number}") for number in range(4)]
    ended = threading.Event()

    def sign_in_and_out() -> None:
        while not ended.is_set():
            link = register.sessions.issue_link(NORTH, by=NORTH, at=now())
            register.sessions.redeem_link(link, at=now())

    other = threading.Thread(target=sign_in_and_out)
    other.start()
    try:
        for one in guests:
            register.forget(one)
    finally:
        ended.set()
        other.join()

    assert files_with(city.folder, NAME) == []
    assert register.names() == {}


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_text_of_any_size_leaves_nothing_behind(
    register: Register, city: City, size: int
) -> None:
    who = guest(register, city, "Kay")
    digests = [register.keep_text(who, f"attic{number:03}" * size) for number in range(20)]
    assert len(register.texts(digests)) == 20

    register.forget(who)

    assert files_with(city.folder, "attic0") == []
