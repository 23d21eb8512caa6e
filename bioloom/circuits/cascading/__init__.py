"""Cascades: what piles up where, hour by hour, when sites fail, and what would have prevented most.

It reads no entry but the declarations and what was offered, and writes none.
"""
