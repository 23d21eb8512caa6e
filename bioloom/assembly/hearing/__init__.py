"""Hearing: which groups are heard less than the rest, measured against who lives here."""
