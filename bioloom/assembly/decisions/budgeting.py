"""Budgeting: some of a line is promised, some of a promise is paid, and never more than there is.

Whole minor units of the city's currency; who keeps the purse records both.
"""

from bioloom.assembly.decisions.standing import Line
from bioloom.assembly.mandates.meeting import Meeting
from bioloom.assembly.mandates.refusing import LONGEST_NAME, AssemblyAmiss, known_as, see_text
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.proposals import BudgetCommitted, BudgetPaid


def commit_budget(body: BudgetCommitted, line: Line, meeting: Meeting) -> Draft[BudgetCommitted]:
    """Decide that some of a line is promised to somebody.

    Raises:
        NotMandated: If who acts does not keep the purse.
        AssemblyAmiss: If it is more than is left, or the receiver or the name cannot be.
    """
    meeting.see_duty("keep_purse")
    see_text(body.line, body.commitment, longest=LONGEST_NAME, what="its name")
    see_text(body.line, body.purpose, longest=LONGEST_NAME * 10, what="its purpose")
    left = line.made.amount_minor - line.committed_minor
    checks = (
        (
            body.receiver not in meeting.deed.people.agents,
            f"'{body.receiver}' is not in the record",
        ),
        (body.receiver == meeting.deed.by, "nobody promises it to themselves"),
        (body.commitment in line.commitments, "there is a promise of that name"),
        (body.amount_minor <= 0, "it is nothing"),
        (body.amount_minor > left, f"{body.amount_minor} is more than the {left} that are left"),
    )
    _see(body.line, checks)
    return meeting.draft(body, f"budget:{body.line}:{body.commitment}")


def pay_budget(body: BudgetPaid, line: Line, meeting: Meeting) -> Draft[BudgetPaid]:
    """Decide that some of a promise was paid.

    Raises:
        NotMandated: If who acts does not keep the purse.
        NotInAssembly: If nothing was promised under that name.
        AssemblyAmiss: If it is more than was promised, or the name is taken.
    """
    meeting.see_duty("keep_purse")
    promised = known_as("promise", body.commitment, line.commitments)
    see_text(body.line, body.payment, longest=LONGEST_NAME, what="its name")
    left = promised.amount_minor - line.paid_of(body.commitment)
    checks = (
        (body.payment in line.payments, "there is a payment of that name"),
        (body.amount_minor <= 0, "it is nothing"),
        (body.amount_minor > left, f"{body.amount_minor} is more than the {left} still promised"),
    )
    _see(body.line, checks)
    return meeting.draft(body, f"budget:{body.line}:paid:{body.payment}")


def _see(line: str, checks: tuple[tuple[bool, str], ...]) -> None:
    for is_so, found in checks:
        if is_so:
            raise AssemblyAmiss(about=line, found=found)
