"""Answers of the assembly."""
