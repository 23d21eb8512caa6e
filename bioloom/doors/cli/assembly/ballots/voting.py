"""`bioloom assembly ballot draw`, `cast`, `exchange`, `receipt`, `list` and `show`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.assembly.ballots.filling import fill
from bioloom.doors.acting import acting_as
from bioloom.doors.answers.assembly.ballots import (
    BallotTold,
    CastTold,
    CredentialDrawn,
    tell_ballot,
)
from bioloom.doors.assembly import balloting
from bioloom.doors.assembly.balloting import ballot_of, ballots_of, open_box, opened_as
from bioloom.doors.assembly.boards import receipt as receipt_of
from bioloom.doors.cli.assembly.ballots.holding import print_tally
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table
from bioloom.doors.cli.proofs.files import read_text, write_text
from bioloom.doors.cli.proofs.proving import give_proof
from bioloom.doors.compose import open_city
from bioloom.vocabulary.entries.ballots import BallotId

Out = Annotated[Path | None, Parameter(name="--out")]


def list_(folder: Path, *, as_json: AsJson = False) -> None:
    """List the ballots of a city.

    Example: bioloom assembly ballot list town

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        told = [tell_ballot(city, ballot) for ballot in ballots_of(city).values()]
    if as_json:
        print_json(told)
        return
    columns = ["ballot", "title", "of", "closes", "stage", "#cast"]
    rows = [
        [
            one.opened.ballot,
            one.opened.title,
            one.opened.assembly,
            one.opened.closes_at,
            one.stage,
            str(one.cast),
        ]
        for one in told
    ]
    out().print(table(f"{len(rows)} ballots", columns, rows))


def show(folder: Path, ballot: str, *, as_json: AsJson = False) -> None:
    """Show a ballot: what was asked and frozen, how many have voted, and what came of it.

    Example: bioloom assembly ballot show town park

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        told = tell_ballot(city, ballot_of(city, ballot))
    if as_json:
        print_json(told)
    else:
        _print(told)


def draw(
    folder: Path, ballot: str, *, as_: AsAgent = None, out_: Out = None, as_json: AsJson = False
) -> None:
    """Draw one's one-time credential. It is shown once; nobody can look up whose it is.

    Example: bioloom assembly ballot draw town park --as person:4nq7 --out park.slip

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    as_
        Who draws, for themselves.
    out_
        Write the credential into this file.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city, open_box(city) as box:
        credential = balloting.draw(city, box, ballot, acting_as(city, as_))
    _give(ballot, credential, out_, as_json=as_json)


def cast(
    folder: Path,
    ballot: str,
    marks: list[str] | None = None,
    *,
    credential: Path,
    as_json: AsJson = False,
) -> None:
    """Cast a ballot with a credential; no mark at all is a blank ballot.

    Example: bioloom assembly ballot cast town park yes --credential park.slip

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    marks
        Names of options; of a ranked ballot from the best down.
    credential
        The file with the credential.
    as_json
        Print the entry's number as JSON.
    """
    secret = read_text(credential).strip()
    with open_city(folder) as city, open_box(city) as box:
        filled = fill(marks or [], opened_as(city, ballot)[0].opened)
        entry = balloting.cast(city, box, ballot, secret, filled)
    told = CastTold(ballot=ballot, seq=entry.seq, nullifier=entry.body.nullifier)
    if as_json:
        print_json(told)
        return
    out().print(f"Your ballot is in, as entry {told.seq}. It is known as {told.nullifier[:16]}.")


def exchange(
    folder: Path, ballot: str, *, credential: Path, out_: Out = None, as_json: AsJson = False
) -> None:
    """Give up an unused credential that somebody else may have seen, and get another.

    Example: bioloom assembly ballot exchange town park --credential park.slip --out new.slip

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    credential
        The file with the credential that is given up.
    out_
        Write the new one into this file.
    as_json
        Print it as JSON.
    """
    secret = read_text(credential).strip()
    with open_city(folder) as city, open_box(city) as box:
        spare = balloting.exchange(city, box, ballot, secret)
    _give(ballot, spare, out_, as_json=as_json)


def receipt(
    folder: Path, ballot: str, *, credential: Path, out_: Out = None, as_json: AsJson = False
) -> None:
    """Prove that one's ballot is in the record; check it with `bioloom check`, anywhere.

    It says nothing of what the ballot says, so that nobody can buy or force a vote by it.

    Example: bioloom assembly ballot receipt town park --credential park.slip --out park.proof

    Parameters
    ----------
    folder
        The city's folder.
    ballot
        Its name.
    credential
        The file with the credential.
    out_
        Write the proof into this file.
    as_json
        Print the proof as JSON, also where it is written into a file.
    """
    with open_city(folder) as city:
        proof = receipt_of(city, ballot, read_text(credential).strip())
    give_proof(proof, out_, as_json=as_json)


def _give(ballot: str, credential: str, into: Path | None, *, as_json: bool) -> None:
    if into is not None:
        write_text(into, f"{credential}\n")
        into.chmod(0o600)
    if as_json:
        print_json(CredentialDrawn(ballot=BallotId(ballot), credential=credential))
    elif into is None:
        out().print(credential, markup=False, soft_wrap=True)
    else:
        out().print(f"The credential is in {escape(str(into))}, and nowhere else.")


def _print(told: BallotTold) -> None:
    console, opened = out(), told.opened
    console.print(f"{opened.title} ({opened.ballot})", markup=False, style="bold", soft_wrap=True)
    if opened.text:
        console.print(opened.text, markup=False, soft_wrap=True)
    options = ", ".join(f"{one.option} ({one.title})" for one in opened.options)
    console.print(escape(f"By {opened.rule}: {options}"), soft_wrap=True)
    console.print(f"{told.stage}; it closes at {opened.closes_at}.")
    console.print(
        f"{told.cast} ballots are in and {told.papers} papers handed out; "
        f"{opened.electorate} people may vote."
    )
    if told.tallied is not None:
        print_tally(told.tallied)
