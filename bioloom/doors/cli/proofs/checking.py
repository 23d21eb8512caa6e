"""`bioloom check` and `cosign`: what somebody outside does with a head or a proof."""

import ast
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.answers.proofs import CheckedTold
from bioloom.doors.cli.printing import DONE, WANTING, AsJson, out, print_json
from bioloom.doors.cli.proofs.files import named_key, read_text, write_text
from bioloom.doors.keys.keeping import read_key
from bioloom.doors.keys.signing import HeadUnreadable
from bioloom.ledger.proofs.checking import Checked
from bioloom.ledger.proofs.checking import check as check_proof
from bioloom.ledger.proofs.heads import cosign as cosign_head
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.vocabulary.refusal import Refusal

_PROGRAM = "bioloom.ledger.proofs", ("merkle", "notes", "checking")
_MAIN = """

if __name__ == "__main__":
    import sys
    from pathlib import Path

    if len(sys.argv) not in (3, 4):
        sys.exit("usage: python check_proof.py PROOF_OR_HEAD PUBLIC_KEY [HEAD_HELD]")
    texts = [Path(name).read_text("utf-8") for name in (sys.argv[1], *sys.argv[3:])]
    try:
        found = check(texts[0], read_key(sys.argv[2]), held=texts[1] if texts[1:] else None)
    except NotProven as wrong:
        sys.exit(f"NOT PROVEN: {wrong}")
    print(*found.said, *([found.entry] if found.entry else []), sep="\\n")
"""


class CheckIncomplete(Refusal):
    """A check without a file, or without a key."""

    def __init__(self) -> None:
        super().__init__(
            what="Checking needs a file and --key.",
            why="Without the city's public key, anybody could have signed the file.",
            remedy="Give both: bioloom check entry-7.proof --key KEY; or --script for the program.",
        )


def check(
    file: Path | None = None,
    *,
    key: str | None = None,
    head: Path | None = None,
    script: Annotated[bool, Parameter(negative="")] = False,
    as_json: AsJson = False,
) -> int:
    """Check a proof or a head; needs the file and the city's public key, and no city.

    Example: bioloom check entry-7.proof --key nyc.pub --head nyc.head

    Parameters
    ----------
    file
        A proof, or a signed head.
    key
        The city's public key as `bioloom keys show` prints it, or a file that has it.
    head
        A head that you were given earlier, which the record must go on from.
    script
        Print the check as a program of its own, which needs Python and `cryptography` only.
    as_json
        Print what was found as JSON.
    """
    if script:
        sys.stdout.write(program())
        return DONE
    if file is None or key is None:
        raise CheckIncomplete
    held = None if head is None else read_text(head)
    try:
        found = check_proof(read_text(file), named_key(key), held=held)
    except NotProven as wrong:
        return _tell(None, [str(wrong)], as_json=as_json)
    return _tell(found, list(found.said), as_json=as_json)


def cosign(
    file: Path,
    *,
    with_: Annotated[Path, Parameter(name="--with")],
    key: str,
    head: Path | None = None,
    out_: Annotated[Path | None, Parameter(name="--out")] = None,
) -> None:
    """Sign, as a witness, that you hold a head of a city; after checking it.

    Example: bioloom cosign nyc.head --with library.key --key nyc.pub --out nyc.cosigned

    Parameters
    ----------
    file
        The head, or a proof with a newer head that goes on from the one you hold.
    with_
        The file of your own key, as `bioloom keys witness` made it.
    key
        The city's public key, or a file that has it.
    head
        The head that you hold from the last time; FILE must then be a proof since that head.
    out_
        Write the head with your signature into this file; into FILE's place unless given.
    """
    held = None if head is None else read_text(head)
    try:
        found = check_proof(read_text(file), named_key(key), held=held)
    except NotProven as wrong:
        raise HeadUnreadable(found=str(wrong)) from wrong
    note = found.head.note
    signed = cosign_head(note, read_key(with_), signed_s=int(time.time()))
    if out_ is None:
        sys.stdout.write(signed)
    else:
        write_text(out_, signed)


def program() -> str:
    """The checking of proofs as one file, without any import of Bioloom."""
    package, names = _PROGRAM
    files = resources.files(package)
    return (
        "".join(_alone(files.joinpath(f"{name}.py").read_text("utf-8")) for name in names) + _MAIN
    )


def _alone(source: str) -> str:
    """A file without what it imports of Bioloom."""
    ours = {
        line
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bioloom")
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = source.splitlines(keepends=True)
    return "".join(line for number, line in enumerate(lines, 1) if number not in ours)


def _tell(found: Checked | None, said: list[str], *, as_json: bool) -> int:
    if as_json:
        told = CheckedTold(
            proven=found is not None,
            said=said,
            origin=found.head.origin if found else None,
            size=found.head.size if found else None,
            root=found.head.root.hex() if found else None,
            entry=found.entry if found else None,
        )
        print_json(told)
    else:
        console = out()
        for sentence in said:
            console.print(escape(sentence), soft_wrap=True, style=None if found else "red")
        if found is not None and found.entry is not None:
            console.print(escape(found.entry), soft_wrap=True)
        console.print("[bold]Proven.[/]" if found else "[bold red]Not proven.[/]")
    return WANTING if found is None else DONE
