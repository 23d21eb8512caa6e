"""`bioloom head`, `prove` and `witness`: what a city gives out so that others can check it."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json
from bioloom.doors.cli.proofs.files import named_key, read_text, write_text
from bioloom.doors.compose import open_city
from bioloom.doors.keys.signing import Signer, parsed_head, seq_of
from bioloom.ledger.proofs.proving import Proof

Out = Annotated[Path | None, Parameter(name="--out")]


def head(folder: Path, *, out_: Out = None, as_json: AsJson = False) -> None:
    """Sign where the record ends, and print it for others to keep.

    Example: bioloom head nyc --out nyc.head

    Parameters
    ----------
    folder
        The city's folder.
    out_
        Write the head into this file.
    as_json
        Print the head with its parts as JSON.
    """
    with open_city(folder) as city:
        signed = Signer(city).head()
    if out_ is not None:
        write_text(out_, signed.note)
    if as_json:
        print_json(signed)
    elif out_ is None:
        out().print(signed.note, markup=False, end="", soft_wrap=True)
    else:
        console = out()
        console.print(f"The head of {signed.seq:,} entries is in {escape(str(out_))}.")
        console.print(f"It is checked with the key {escape(signed.key)}", soft_wrap=True)


def prove(
    folder: Path,
    entry: str,
    *,
    since: Path | None = None,
    out_: Out = None,
    as_json: AsJson = False,
) -> None:
    """Prove that an entry is in the record, for anybody who has the city's public key.

    A proof has the whole entry in it, also one of a person or a household: see whom you give it to.

    Example: bioloom prove nyc 7 --since nyc.head --out entry-7.proof

    Parameters
    ----------
    folder
        The city's folder.
    entry
        The entry's number or id.
    since
        A head from earlier: the proof then shows too that the record goes on from it.
    out_
        Write the proof into this file.
    as_json
        Print the proof as JSON, also where it is written into a file.
    """
    with open_city(folder) as city:
        older = None if since is None else parsed_head(read_text(since))
        # Whoever has the folder can read all of it.
        proof = Signer(city).prove(seq_of(city, entry), since=older, may_read=lambda _: True)
    give_proof(proof, out_, as_json=as_json)


def give_proof(proof: Proof, into: Path | None, *, as_json: bool) -> None:
    """Write a proof into a file, or print it.

    Raises:
        FileUnusable: If it cannot be written.
    """
    if into is not None:
        text = msgspec.json.format(msgspec.json.encode(proof), indent=2).decode()
        write_text(into, f"{text}\n")
    if as_json or into is None:
        print_json(proof)
    else:
        out().print(f"The proof of entry {proof.seq:,} is in {escape(str(into))}.")


def witness(
    folder: Path, headfile: Path, *, key: str, as_: AsAgent = None, as_json: AsJson = False
) -> None:
    """Record that a witness outside holds a head of this record, and signed that they do.

    Example: bioloom witness nyc nyc.cosigned --key library.key.pub

    Parameters
    ----------
    folder
        The city's folder.
    headfile
        The head as the witness gave it back, with their signature.
    key
        The witness's public key, or a file that has it.
    as_
        Which agent records it; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    with open_city(folder) as city:
        author = acting_as(city, as_)
        held = Signer(city).witness(read_text(headfile), named_key(key), author=author)
    if as_json:
        print_json(held)
        return
    out().print(
        f"Recorded: '{escape(held.witness)}' holds the head of {held.size:,} entries.",
        soft_wrap=True,
    )
