"""People in the record: who belongs to what, who may do and read what, and whose key is whose.

Reads AgentDeclared and all of `vocabulary/entries/people.py`, and decides what may be written of
them. Whether an act is permitted is said by `permitting.may` alone, and it denies by default.
"""
