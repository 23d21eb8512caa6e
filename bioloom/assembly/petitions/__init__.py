"""Petitions: what somebody asks of an assembly, and whether enough stand behind it.

Reads and writes PetitionStarted, PetitionSigned and PetitionUnsigned.
"""
