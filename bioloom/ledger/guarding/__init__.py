"""Guarding: what every entry is held against besides the laws of its kind."""
