"""Boards and receipts of a city's ballots: what it gives out so that anybody can check them."""

from bioloom.assembly.ballots.boards import Board, make_board
from bioloom.assembly.ballots.casting import StillOpen, closed_key, key_of
from bioloom.assembly.ballots.slips import slip_of
from bioloom.doors.assembly.balloting import NotInTheList, ballot_of, opened_as
from bioloom.doors.compose import City
from bioloom.doors.keys.signing import Signer
from bioloom.doors.stores.box import BallotBox
from bioloom.ledger.proofs.proving import Proof
from bioloom.vocabulary.entries.ballots import BallotCast


def receipt(city: City, name: str, credential: str) -> Proof:
    """The proof that a ballot is in the record. It says nothing of what the ballot says.

    Raises:
        BallotUnknown: If nobody opened it.
        CredentialUnreadable: If it is no credential.
        NotInTheList: If nothing was cast with it.
    """
    opened = opened_as(city, name)[0].opened
    key = key_of(opened, slip_of(opened.ballot, credential))
    entry = city.journal.current([key]).get(key)
    if entry is None or not isinstance(entry.body, BallotCast):
        raise NotInTheList(ballot=name)
    return Signer(city).prove(entry.seq, may_read=lambda _: True)


def board_of(city: City, box: BallotBox, name: str) -> Board:
    """The bulletin board of a tallied ballot.

    Raises:
        BallotUnknown: If nobody opened it.
        StillOpen: If it is not tallied.
    """
    ballot, keys = ballot_of(city, name), (closed_key(name), f"ballot:{name}:tallied")
    found = city.journal.current(keys)
    if any(key not in found for key in keys):
        raise StillOpen(ballot=name, closes_at=ballot.opened.closes_at)
    signer = Signer(city)
    seqs = (ballot.seq, *(found[key].seq for key in keys))
    # Entries of an office, and of no person: they are public.
    proofs = [signer.prove(seq, may_read=lambda _: True) for seq in seqs]
    return make_board(ballot, box.slips(ballot.opened.ballot), proofs)
