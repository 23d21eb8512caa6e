"""Contracts: which agreements are in force, when they end, and what then may be reclaimed."""
