"""Proofs answer: was this recorded, and has nothing before it been changed since?

A Merkle tree over the hashes of the entries gives heads that the city signs and witnesses cosign, a
proof that an entry is in the record, and a proof that a later record begins with an earlier one.
They read the entries' hashes, KeyDeclared, KeyWithdrawn and HeadWitnessed, and write the last.
"""
