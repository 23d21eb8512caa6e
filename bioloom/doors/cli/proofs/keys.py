"""`bioloom keys`: the key that signs a city's heads, and keys for witnesses."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.proofs import KeysTold, KeyTold, PublicKeyTold
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.doors.keys.keeping import new_key, write_key
from bioloom.doors.keys.signing import Signer
from bioloom.ledger.proofs.notes import LOG_KEY, WITNESS_KEY, PublicKey
from bioloom.vocabulary.refusal import Refusal


class WitnessNameUnfit(Refusal):
    """A name that no key can have."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"'{name}' cannot be the name of a key.",
            why="In a signature the name stands between spaces.",
            remedy="Take one without spaces and '+', such as library.example.org.",
        )


def show(
    folder: Path,
    *,
    current: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the public keys that sign a city's heads.

    Example: bioloom keys show nyc --current

    Parameters
    ----------
    folder
        The city's folder.
    current
        Print nothing but the key in force, for a file to give to others.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        signer = Signer(city)
        origin, spans = signer.origin(), signer.ring().spans
    told = [
        KeyTold(
            key=str(PublicKey(origin, LOG_KEY, bytes.fromhex(key))),
            first_seq=span.first_seq,
            withdrawn_seq=span.withdrawn_seq,
            reason=span.reason,
        )
        for key, span in spans.items()
    ]
    if as_json:
        print_json(KeysTold(origin=origin, keys=told))
        return
    if current:
        out().print(*(one.key for one in told if one.withdrawn_seq is None), soft_wrap=True)
        return
    rows = [
        [one.key, str(one.first_seq), str(one.withdrawn_seq or ""), one.reason or "in force"]
        for one in told
    ]
    out().print(table(f"{len(rows)} keys", ["key", "#from entry", "#to entry", "state"], rows))


def make(folder: Path, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Make a city's key for heads, where it has none.

    Example: bioloom keys make nyc

    Parameters
    ----------
    folder
        The city's folder.
    as_
        Which agent declares it; the steward unless given.
    as_json
        Print the public half as JSON.
    """
    with open_city(folder) as city:
        key = Signer(city).make_key(author=acting_as(city, as_))
    _tell("The record's heads are signed from now on. Their public key is", key, as_json)


def rotate(folder: Path, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Replace the key for heads by a new one, which the old one signs.

    Example: bioloom keys rotate nyc

    Parameters
    ----------
    folder
        The city's folder.
    as_
        Which agent replaces it; the steward unless given.
    as_json
        Print the new public half as JSON.
    """
    with open_city(folder) as city:
        key = Signer(city).rotate_key(author=acting_as(city, as_))
    _tell(
        "The key was replaced, and the old one vouches for it. The public key is now", key, as_json
    )


def withdraw(
    folder: Path,
    *,
    reason: Literal["lost", "stolen"],
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """End the key for heads without another; `bioloom keys make` then makes a new one.

    Example: bioloom keys withdraw nyc --reason stolen

    Parameters
    ----------
    folder
        The city's folder.
    reason
        Whether it was lost or stolen.
    as_
        Which agent withdraws it; the steward unless given.
    as_json
        Print the public half as JSON.
    """
    with open_city(folder) as city:
        signer = Signer(city)
        withdrawn = signer.withdraw_key(reason, author=acting_as(city, as_))
        key = PublicKey(signer.origin(), LOG_KEY, bytes.fromhex(withdrawn))
    _tell("Heads from now on are not signed by it any more:", key, as_json)


def witness(name: str, file: Path, *, as_json: AsJson = False) -> None:
    """Make a key of your own, with which you sign the heads that you hold.

    Example: bioloom keys witness library.example.org library.key

    Parameters
    ----------
    name
        Your name in signatures, best an address of yours.
    file
        Where the private key goes; only you can read it.
    as_json
        Print the public half as JSON.
    """
    if not name or "+" in name or not name.isprintable() or len(name.split()) != 1:
        raise WitnessNameUnfit(name=name)
    key = new_key(name, WITNESS_KEY)
    write_key(file, key)
    _tell("Give the city your public key:", key.public, as_json)


def _tell(sentence: str, key: PublicKey, as_json: bool) -> None:
    if as_json:
        print_json(PublicKeyTold(key=str(key)))
        return
    out().print(sentence)
    out().print(escape(str(key)), soft_wrap=True)
