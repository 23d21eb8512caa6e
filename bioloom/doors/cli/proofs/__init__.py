"""The commands about heads, proofs and keys."""
