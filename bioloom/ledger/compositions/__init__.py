"""Compositions: what lots are made of, and whether processes conserve it."""
