"""Boards and receipts: anybody checks a ballot offline, and nobody learns how somebody voted."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bioloom.assembly.ballots.boards import Board, check_board
from bioloom.assembly.ballots.casting import StillOpen
from bioloom.assembly.ballots.filling import fill
from bioloom.assembly.ballots.slips import slip_of
from bioloom.doors.assembly.balloting import (
    NotInTheList,
    cast,
    close_in,
    draw,
    exchange,
    hand_paper,
    open_box,
    tally_in,
)
from bioloom.doors.assembly.boards import board_of, receipt
from bioloom.doors.compose import City
from bioloom.doors.keys.signing import Signer
from bioloom.doors.stores.box import BallotBox
from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import PublicKey, read_key
from bioloom.vocabulary.entries.ballots import BallotId
from tests.doors.assembly.voting_city import AFTER, STEWARD, Clock, opened, person, voting_city

PARK = BallotId("park")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def city(tmp_path: Path, clock: Clock) -> Iterator[City]:
    with replace(voting_city(tmp_path / "city", 7), told_time=clock) as made:
        Signer(made).make_key(author=STEWARD)
        yield made


@pytest.fixture
def box(city: City) -> Iterator[BallotBox]:
    with open_box(city) as made:
        yield made


def held(city: City, box: BallotBox, clock: Clock) -> list[str]:
    """A ballot in which five voted, one of them after an exchange, and one got paper."""
    ballot = opened(city, box)
    credentials = [draw(city, box, "park", person(number)) for number in range(5)]
    credentials[0] = exchange(city, box, "park", credentials[0])
    for number, credential in enumerate(credentials):
        cast(city, box, "park", credential, fill(["yes" if number else "no"], ballot))
    hand_paper(city, box, "park", person(5), by=STEWARD)
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)
    tally_in(city, box, "park", by=STEWARD)
    return credentials


def key_of(city: City) -> PublicKey:
    return read_key(Signer(city).head().key)


def test_a_board_is_checked_with_nothing_but_the_citys_key(
    city: City, box: BallotBox, clock: Clock
) -> None:
    credentials = held(city, box, clock)
    text = msgspec.json.encode(board_of(city, box, "park"))

    for credential in credentials:
        checked = check_board(text, key_of(city), own=slip_of(PARK, credential))
        assert checked.tallied.counts == {"yes": 4, "no": 1}
        assert checked.said[-1] == "The ballot cast with your credential is among them."


def test_who_did_not_vote_does_not_find_a_ballot_of_theirs(
    city: City, box: BallotBox, clock: Clock
) -> None:
    held(city, box, clock)
    text = msgspec.json.encode(board_of(city, box, "park"))

    with pytest.raises(NotProven, match="No ballot that was cast with this credential"):
        check_board(text, key_of(city), own="0" * 64)


def test_a_board_in_which_anything_was_changed_does_not_hold(
    city: City, box: BallotBox, clock: Clock
) -> None:
    held(city, box, clock)
    board, key = board_of(city, box, "park"), key_of(city)
    chance = random.Random(8)

    for number in range(300):
        changed = _changed(msgspec.to_builtins(board), chance)
        with pytest.raises(NotProven, match=r"\w"):
            pytest.fail(f"{number}: {check_board(msgspec.json.encode(changed), key).said}")


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"[" * 100_000, b'"\xff"', b"null"])
def test_a_file_that_is_no_board_proves_nothing(text: bytes, city: City) -> None:
    with pytest.raises(NotProven, match="no board of a ballot"):
        check_board(text, key_of(city))


def test_a_board_of_another_city_does_not_hold(
    tmp_path: Path, city: City, box: BallotBox, clock: Clock
) -> None:
    held(city, box, clock)
    text = msgspec.json.encode(board_of(city, box, "park"))
    with voting_city(tmp_path / "other", 1) as other:
        Signer(other).make_key(author=STEWARD)
        foreign = key_of(other)

    with pytest.raises(NotProven, match="the key is of"):
        check_board(text, foreign)


def test_there_is_no_board_while_a_ballot_is_open(city: City, box: BallotBox) -> None:
    opened(city, box)

    with pytest.raises(StillOpen, match="is open until"):
        board_of(city, box, "park")


def test_a_receipt_proves_that_a_ballot_is_in_and_nothing_of_what_it_says(
    city: City, box: BallotBox
) -> None:
    ballot = opened(city, box)
    proofs = []
    for number, marks in enumerate((["yes"], ["no"], [])):
        credential = draw(city, box, "park", person(number))
        cast(city, box, "park", credential, fill(marks, ballot))
        proofs.append(receipt(city, "park", credential))

    for proof in proofs:
        check(msgspec.json.encode(proof).decode(), key_of(city))
        body = msgspec.json.decode(proof.text)["body"]
        assert set(body) == {"ballot", "nullifier", "commitment"}
        # Nothing but hashes of a fixed length, whatever was marked.
        assert len(body["nullifier"]) == len(body["commitment"]) == 64
    salts = [sealed.salt.hex() for sealed in box.contents(PARK).values()]
    assert not any(salt in str(proof) for salt in salts for proof in proofs)


def test_a_credential_that_was_not_cast_has_no_receipt(city: City, box: BallotBox) -> None:
    opened(city, box)
    unused, given_up = (draw(city, box, "park", person(number)) for number in range(2))
    exchange(city, box, "park", given_up)

    for credential in (unused, given_up, "A" * 43):
        with pytest.raises(NotInTheList, match="none that was drawn"):
            receipt(city, "park", credential)


def _changed(board: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """One thing on the board is another: a hash, a number, one more or one fewer."""
    what = chance.choice(["slips", "casts", "voided", "opened", "closed", "tallied", "swap"])
    if what == "voided" and chance.random() < 0.5:
        key = chance.choice(list(board[what]))
        board[what][key] = {"paper": "exposed", "exposed": "paper"}[board[what][key]]
    elif what in ("casts", "voided"):
        key = chance.choice(list(board[what]))
        value = board[what].pop(key)
        if chance.random() < 0.5:
            board[what][_other(key, chance)] = value
    elif what == "slips":
        place = chance.randrange(len(board["slips"]))
        slip = board["slips"].pop(place)
        if chance.random() < 0.5:
            board["slips"].insert(place, _other(slip, chance))
    elif what == "swap":
        one, other = chance.sample(["opened", "closed", "tallied"], 2)
        board[one], board[other] = board[other], board[one]
    else:
        proof = board[what]
        field = chance.choice(["text", "previous"])
        proof[field] = _other(proof[field], chance)
    return board


def _other(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]


def test_a_board_says_its_format(city: City, box: BallotBox, clock: Clock) -> None:
    held(city, box, clock)
    board: Board = msgspec.structs.replace(board_of(city, box, "park"), format="other/1")

    with pytest.raises(NotProven, match="no board of the format"):
        check_board(msgspec.json.encode(board), key_of(city))
