"""The words every room shares, and nothing that acts.

Agents, places, materials, lots, quantities and time; the shape of an entry and, in `entries/`, the
body of every entry kind; and `Refusal`, the one way to say no. It reads and writes no entries.
"""
