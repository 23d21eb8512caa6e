"""`bioloom assembly board`: a ballot put up for everybody, and checked by anybody."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.markup import escape

from bioloom.assembly.ballots.boards import check_board
from bioloom.assembly.ballots.slips import slip_of
from bioloom.doors.answers.assembly.ballots import BoardTold, BoardWritten
from bioloom.doors.assembly.balloting import open_box
from bioloom.doors.assembly.boards import board_of
from bioloom.doors.cli.printing import DONE, WANTING, AsJson, out, print_json
from bioloom.doors.cli.proofs.files import FileUnusable, named_key, read_text
from bioloom.doors.compose import open_city
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.vocabulary.entries.ballots import BallotId

# A ballot of a million is 200 MB.
MOST_BYTES = 1_000_000_000


def export(
    folder: Path,
    ballot: str,
    *,
    file: Annotated[Path, Parameter(name="--out")],
    as_json: AsJson = False,
) -> None:
    """Write the bulletin board of a tallied ballot, for anybody to check.

    Example: bioloom assembly board export town park --out park.board

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        The ballot's name.
    file
        The file to write.
    as_json
        Print what was written as JSON.
    """
    with open_city(folder) as city, open_box(city) as box:
        board = board_of(city, box, ballot)
    try:
        file.write_bytes(msgspec.json.encode(board) + b"\n")
    except OSError as unwritable:
        raise FileUnusable(file=file, found=str(unwritable.strerror)) from unwritable
    if as_json:
        print_json(BoardWritten(ballot=ballot, casts=len(board.casts), file=str(file)))
    else:
        out().print(f"The board of {len(board.casts):,} ballots is in {escape(str(file))}.")


def check(
    file: Path,
    *,
    key: str,
    ballot: str | None = None,
    credential: Path | None = None,
    as_json: AsJson = False,
) -> int:
    """Check a bulletin board offline: it needs the file and the city's public key, and no city.

    Exits with 1 if anything in it does not follow.

    Example: bioloom assembly board check park.board --key town.pub

    Parameters
    ----------
    file
        What `bioloom assembly board export` wrote.
    key
        The city's public key as `bioloom keys show` prints it, or a file that has it.
    ballot
        The ballot's name, if one's own credential is given.
    credential
        The file with one's own credential: whether it was counted is checked too.
    as_json
        Print what was found as JSON.
    """
    own = None
    if credential is not None:
        own = slip_of(BallotId(ballot or ""), read_text(credential).strip())
    try:
        checked = check_board(_read(file), named_key(key), own=own)
        told = BoardTold(holds=True, said=checked.said, tallied=checked.tallied)
    except NotProven as wrong:
        told = BoardTold(holds=False, said=(str(wrong),), tallied=None)
    if as_json:
        print_json(told)
    else:
        head = "The board holds." if told.holds else "[bold red]The board does not hold.[/]"
        out().print(head)
        for sentence in told.said:
            out().print(escape(sentence), soft_wrap=True)
    return DONE if told.holds else WANTING


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise FileUnusable(file=file, found="it is far too large")
        return file.read_bytes()
    except OSError as unreadable:
        raise FileUnusable(file=file, found=str(unreadable.strerror)) from unreadable
