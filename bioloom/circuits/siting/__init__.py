"""Siting: what a proposed facility would change for every district, and which zones it touches.

It reads declarations, what was offered, Codes, and maps that a door opened, and writes nothing.
"""
