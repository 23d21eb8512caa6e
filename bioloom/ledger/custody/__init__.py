"""Custody: what may be claimed of where lots came from, by the four models (ISO 22095).

Answers what has a characteristic, by which model and how much of it, and which credits and
certificates are left. Reads lots, events and processes; judges the entries of
`vocabulary/entries/custody.py`.
"""
