"""Proving, for the checker: whether masses are a plan at all, and what no plan can pass.

It shares no code with solving.
"""
