"""Keys of people's own: declared by themselves, and followed only by what they have signed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bioloom.ledger.people.deciding import AlreadySo, Deed
from bioloom.ledger.people.keys import KeyUnfit, declare_key, withdraw_key
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.proofs.notes import rotation_message
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from tests.ledger.people.town import ANA, BEN, CEM, NORTH, ZARA, granted, noon, record, town

FIRST, SECOND, THIRD = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def signed(by: Ed25519PrivateKey, key: Ed25519PrivateKey, agent: AgentId = ANA) -> str:
    return by.sign(rotation_message(agent, "signing", public(key))).hex()


@pytest.fixture
def journal() -> Journal:
    """The town, in which ana has a key and cem is steward of north."""
    made = town(granted(CEM, "steward", NORTH))
    record(made, declare_key(ANA, public(FIRST), deed=deed(made, ANA)))
    return made


def deed(journal: Journal, by: AgentId, *, day: int = 2) -> Deed:
    return Deed(by=by, people=people_of(journal), at=noon(day))


def in_force(journal: Journal, agent: AgentId = ANA, *, day: int = 9) -> frozenset[str]:
    return people_of(journal).keys_of(agent, "signing", on=noon(day))


def test_a_key_that_the_one_in_force_signed_takes_its_place(journal: Journal) -> None:
    drafts = declare_key(
        ANA, public(SECOND), deed=deed(journal, ANA, day=3), signature=signed(FIRST, SECOND)
    )
    record(journal, drafts, day=3)

    assert in_force(journal) == {public(SECOND)}
    assert in_force(journal, day=2) == {public(FIRST)}


@pytest.mark.parametrize("by", [ZARA, BEN, CEM])
def test_nobody_declares_a_key_for_somebody_else(journal: Journal, by: AgentId) -> None:
    with pytest.raises(NotPermitted, match="may not declare key for 'ana'"):
        declare_key(ANA, public(SECOND), deed=deed(journal, by), signature=signed(FIRST, SECOND))


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "no signature",
        signed(SECOND, SECOND),
        signed(FIRST, THIRD),
        signed(FIRST, SECOND, BEN),
        FIRST.sign(rotation_message(ANA, "heads", public(SECOND))).hex(),
    ],
)
def test_a_key_that_the_one_in_force_did_not_sign_is_refused(
    journal: Journal, signature: str | None
) -> None:
    with pytest.raises(KeyUnfit, match="the key in force did not sign it"):
        declare_key(ANA, public(SECOND), deed=deed(journal, ANA), signature=signature)


def test_after_a_lost_key_was_withdrawn_the_next_is_a_first_one(journal: Journal) -> None:
    record(journal, [withdraw_key(ANA, reason="lost", deed=deed(journal, ANA, day=3))], day=3)
    assert in_force(journal) == frozenset()

    record(journal, declare_key(ANA, public(SECOND), deed=deed(journal, ANA, day=4)), day=4)

    assert in_force(journal) == {public(SECOND)}
    with pytest.raises(KeyUnfit, match="is in the record already"):
        declare_key(ANA, public(FIRST), deed=deed(journal, ANA, day=5))


def test_a_stolen_key_is_withdrawn_by_its_owner_or_a_steward_of_the_city(journal: Journal) -> None:
    assert withdraw_key(ANA, reason="stolen", deed=deed(journal, ZARA)).author == ZARA
    for by in (BEN, CEM):
        with pytest.raises(NotPermitted, match="may not withdraw key for 'ana'"):
            withdraw_key(ANA, reason="stolen", deed=deed(journal, by))
    with pytest.raises(AlreadySo, match="'ben' has no key"):
        withdraw_key(BEN, reason="lost", deed=deed(journal, BEN))


def test_nobody_takes_somebody_elses_key_for_their_own(journal: Journal) -> None:
    with pytest.raises(KeyUnfit, match="is in the record already"):
        declare_key(BEN, public(FIRST), deed=deed(journal, BEN))


@pytest.mark.parametrize("text", ["", "ab", "G" * 64, public(SECOND).upper(), public(SECOND)[:-2]])
def test_what_is_no_key_is_refused(journal: Journal, text: str) -> None:
    with pytest.raises(KeyUnfit, match="not 64 hexadecimal digits"):
        declare_key(BEN, text, deed=deed(journal, BEN))
