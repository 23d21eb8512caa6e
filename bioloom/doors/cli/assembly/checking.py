"""`bioloom assembly check`: whether a certificate proves its winners from the ballots."""

import json as json_format
from pathlib import Path

from rich.markup import escape

from bioloom.assembly.budgets.posing import NotProven
from bioloom.assembly.budgets.verifying import verify
from bioloom.doors.answers.assembly.budgets import CertificateChecked
from bioloom.doors.cli.assembly.counting import ballots_in, election_in
from bioloom.doors.cli.printing import DONE, WANTING, AsJson, out, print_json
from bioloom.vocabulary.refusal import Refusal


class NoCertificate(Refusal):
    """A file that is no JSON object."""

    def __init__(self, *, file: Path) -> None:
        super().__init__(
            what=f"'{file.name}' is no certificate: it holds no JSON object.",
            why="There is nothing to check in it.",
            remedy="Give the file that `bioloom assembly count` wrote, and then the ballots.",
        )


def check(certificate: Path, file: Path, *, json: AsJson = False) -> int:
    """Check a certificate of equal shares against the ballots, with fractions alone.

    The checker shares no code with the count. It proves who equal shares bought, and that they were
    next in their turn; not what a completion by the greedy rule adds. Exits with 1 if the
    certificate does not hold.

    Example: bioloom assembly check lodz_2022.certificate.json lodz_2022.pb

    Parameters
    ----------
    certificate
        What `bioloom assembly count` wrote.
    file
        The ballots, as Pabulib has them.
    json
        Print the verdict as JSON.
    """
    try:
        told = json_format.loads(ballots_in(certificate))
    except (ValueError, RecursionError) as error:
        raise NoCertificate(file=certificate) from error
    if not isinstance(told, dict):
        raise NoCertificate(file=certificate)
    _, poll = election_in(file)
    try:
        verify(told, poll)
    except NotProven as refusal:
        checked = CertificateChecked(holds=False, winners=(), cost=0, reason=refusal.what)
    else:
        checked = CertificateChecked(
            holds=True, winners=tuple(told["winners"]), cost=told["cost"], reason=""
        )
    if json:
        print_json(checked)
    elif checked.holds:
        out().print(f"The certificate holds: {len(checked.winners)} projects are proven.")
    else:
        out().print(f"[bold red]It does not hold.[/] {escape(checked.reason)}")
    return DONE if checked.holds else WANTING
