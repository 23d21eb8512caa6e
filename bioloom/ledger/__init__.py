"""The ledger answers: what lots are there, whose are they, who holds them, and who says so.

It keeps the journal, the one record all rooms write through, and folds it into holdings: two
zero-sum sets of legs, rights and custody. It judges every economic event, says who may do what, and
signs the record's heads. It reads every entry and writes those of `vocabulary/entries/ledger.py`,
`events.py`, `people.py` and `proofs.py`, and CommitmentOverdue.
"""
