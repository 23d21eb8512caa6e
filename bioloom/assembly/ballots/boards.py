"""The bulletin board: all of a ballot that anybody may see, and how it is checked offline.

It takes the board's file and the city's public key, no city and no network. What is proven: that
the ballot was opened, closed and tallied as the record says; that every ballot on the board was
cast with a credential frozen before; that none counts twice; and that these, no more and no fewer,
were counted. Not proven, as what ballots say is secret: the count itself, which whoever holds the
box can do again.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from bioloom.assembly.ballots.filling import QUESTIONS
from bioloom.assembly.ballots.slips import slips_root, used_root
from bioloom.assembly.ballots.standing import Ballot
from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import PublicKey
from bioloom.ledger.proofs.proving import Proof
from bioloom.vocabulary.entries.ballots import BallotClosed, BallotOpened, BallotTallied
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.registry import read_entry

FORMAT = "bioloom-ballot-board/1"
B = TypeVar("B", bound=msgspec.Struct)


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A tallied ballot for everybody to check. All hashes are in hexadecimal.

    Attributes:
        opened: Proof of the entry that opened it; so of the two that follow.
        slips: Hashes of all credentials there were, sorted.
        casts: Commitments by nullifier, of all that was cast in time.
        voided: Why, by nullifier, of credentials that were given up.
    """

    format: str
    opened: Proof
    closed: Proof
    tallied: Proof
    slips: list[str]
    casts: dict[str, str]
    voided: dict[str, str]


class BoardChecked(msgspec.Struct, frozen=True, kw_only=True):
    """What was proven of a board, in words, and what the ballot came to."""

    opened: BallotOpened
    tallied: BallotTallied
    said: tuple[str, ...]


def make_board(ballot: Ballot, slips: Sequence[str], proofs: Sequence[Proof]) -> Board:
    """The board of a tallied ballot, from proofs of its opening, closing and tally."""
    opened, closed, tallied = proofs
    return Board(
        format=FORMAT,
        opened=opened,
        closed=closed,
        tallied=tallied,
        slips=list(slips),
        casts=dict(sorted(ballot.casts.items())),
        voided=dict(sorted(ballot.voided.items())),
    )


def check_board(text: bytes, key: PublicKey, *, own: str | None = None) -> BoardChecked:
    """Check a board against the city's public key.

    Args:
        text: The file, as `bioloom assembly board export` wrote it.
        key: The key, from where you trust it.
        own: A slip: whether the ballot cast with it was counted is checked too.

    Raises:
        NotProven: If anything in it does not follow.
    """
    try:
        board = msgspec.json.decode(text, type=Board)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as unreadable:
        raise NotProven(f"This is no board of a ballot: {str(unreadable)[:120]}.") from unreadable
    if board.format != FORMAT:
        raise NotProven(f"This is no board of the format {FORMAT}.")
    opened = _proven(board.opened, key, BallotOpened)
    closed = _proven(board.closed, key, BallotClosed)
    tallied = _proven(board.tallied, key, BallotTallied)
    names = {opened.body.ballot, closed.body.ballot, tallied.body.ballot}
    if len(names) > 1 or not opened.seq < closed.seq < tallied.seq:
        raise NotProven("Opening, closing and tally are not of one ballot, in this order.")
    _check_slips(board, opened.body)
    _check_casts(board, opened.body, tallied.body)
    _check_figures(opened.body, tallied.body)
    said = [
        f"'{opened.body.title}' was opened, closed and tallied as the record has it.",
        f"{len(board.casts)} ballots were cast, each with another of the {len(board.slips)} "
        "credentials frozen before, and these were counted.",
    ]
    if own is not None:
        if own not in board.casts:
            raise NotProven("No ballot that was cast with this credential was counted.")
        said.append("The ballot cast with your credential is among them.")
    return BoardChecked(opened=opened.body, tallied=tallied.body, said=tuple(said))


def _proven(proof: Proof, key: PublicKey, kind: type[B]) -> Entry[B]:
    check(msgspec.json.encode(proof).decode(), key)
    try:
        named = msgspec.json.decode(proof.text, type=_Named)
        entry: Entry[Any] = read_entry(proof.text.encode(), named.kind)
    except msgspec.MsgspecError as unreadable:
        raise NotProven(f"An entry of the board cannot be read: {unreadable}.") from unreadable
    if not isinstance(entry.body, kind):
        raise NotProven(f"Entry {entry.seq} is no {kind.__name__}.")
    return entry


class _Named(msgspec.Struct):
    kind: str


def _check_slips(board: Board, opened: BallotOpened) -> None:
    if len(set(board.slips)) != opened.slips or len(board.slips) != opened.slips:
        raise NotProven(f"The board has not the {opened.slips} credentials that there were.")
    if _root(slips_root, board.slips) != opened.root:
        raise NotProven("The credentials are not those that were frozen when it was opened.")


def _check_casts(board: Board, opened: BallotOpened, tallied: BallotTallied) -> None:
    known = set(board.slips)
    if not (board.casts.keys() | board.voided.keys()) <= known:
        raise NotProven("A ballot was cast with a credential that is not in the list.")
    if board.casts.keys() & board.voided.keys():
        raise NotProven("A ballot was cast with a credential that was given up.")
    if _root(used_root, board.casts, board.voided) != tallied.used_root:
        raise NotProven("The ballots on the board are not those that were counted.")
    on_paper = tallied.cast - len(board.casts)
    handed_out = sum(why == "paper" for why in board.voided.values())
    if not 0 <= on_paper <= handed_out:
        raise NotProven(f"{on_paper} ballots on paper were counted, {handed_out} handed out.")
    if not tallied.cast <= tallied.drawn <= opened.electorate:
        raise NotProven("More ballots were counted than people had drawn, or than may vote.")
    if tallied.voided != len(board.voided):
        raise NotProven("Not as many credentials were given up as the tally says.")


def _check_figures(opened: BallotOpened, tallied: BallotTallied) -> None:
    quorum = opened.electorate * opened.quorum_per_mille
    if tallied.quorum_reached != (tallied.cast > 0 and tallied.cast * 1000 >= quorum):
        raise NotProven("The tally has the quorum wrong.")
    if tallied.carried and not tallied.quorum_reached:
        raise NotProven("It was carried without a quorum.")
    names = {option.option for option in opened.options}
    if not set(tallied.winners) <= names or set(tallied.counts) != names:
        raise NotProven("The tally names what did not stand on the ballot.")
    told = sum(tallied.counts.values()) + tallied.blank
    if opened.rule in QUESTIONS and told != tallied.cast:
        raise NotProven("The answers of the tally are not as many as its ballots.")


def _root(root: Callable[..., str], *hashes: Any) -> str:  # noqa: ANN401  Lists and mappings.
    try:
        return root(*hashes)
    except ValueError as unreadable:
        raise NotProven("A hash on the board is not written in hexadecimal.") from unreadable
