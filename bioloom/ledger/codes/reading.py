"""Reading: the Codes of a record."""

from bioloom.ledger.codes.standing import CODE_KINDS, Codes
from bioloom.ledger.record.journal import Journal


def codes_of(journal: Journal) -> Codes:
    """The Codes of a record, as it has them now."""
    codes = Codes()
    for entry in journal.read(kinds=CODE_KINDS):
        codes.fold(entry)
    return codes
