"""Genealogy: which lots were made of which, over a whole record at once.

`tracing.py` walks from lot to lot, which is quick near a lot; this reads every process and every
transfer into another lot once, and then finds all kin in a few milliseconds. It writes no entries.
"""
