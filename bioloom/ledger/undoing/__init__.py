"""Undoing: what stands on an entry, and must be taken back before it."""
