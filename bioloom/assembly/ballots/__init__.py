"""Ballots that can be checked: opened and frozen, cast once a person and secretly, tallied exactly.

Reads and writes the entries of `vocabulary/entries/ballots.py`; who may vote stands in those of
people. What a ballot says is never in the record: only a salted hash of it.
"""
