"""Formats: tables and maps as people keep them, read into drafts for the journal.

Only doors open files; what is here gets binary streams and returns values. A mapping file says how
one kind of table is read, so that any city's table needs no code. A row is read whole or rejected
whole: a row with one bad cell records nothing, so that the corrected row can be taken in again.
"""
