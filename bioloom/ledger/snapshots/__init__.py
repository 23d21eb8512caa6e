"""Snapshots: states that are folds over entries, kept so that nobody folds ten million again.

A snapshot can be deleted at any time: it says nothing that the entries do not. It reads entries of
all kinds and writes none.
"""
