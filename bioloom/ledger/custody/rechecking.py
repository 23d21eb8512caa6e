"""Rechecking: all claims that stand, judged once more by the record as it is."""

from collections.abc import Iterator
from typing import get_args

from bioloom.ledger.custody.certifying import judge_held
from bioloom.ledger.custody.judging import judge_sound
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.entries.custody import (
    CertificatesRetired,
    CertificatesTransferred,
    CustodyBody,
)
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.refusal import Refusal

_KINDS = frozenset(kind.__name__ for kind in get_args(CustodyBody))


def unsound_claims(store: Store) -> Iterator[tuple[int, str]]:
    """Claims, credits and certificates that the record does not bear out: entry, and why.

    What stands is kept true by every later entry, so that it can be judged by the last. Memory
    grows with the number of claims and of what they rest on.
    """
    facts = recall(store)
    for row in store.rows(kinds=_KINDS):
        entry = read_entry(row.text, row.kind)
        if facts.is_undone(entry):
            continue
        try:
            if isinstance(entry.body, CertificatesTransferred | CertificatesRetired):
                judge_held(entry.body.certificates, facts)
                continue
            with facts.without(entry):
                judge_sound(entry, facts)
        except Refusal as refusal:
            yield entry.seq, f"it claims what the record does not bear out. {refusal.what}"
