"""Passports: what a lot is made of, in exact shares of its mass, and what became of it.

Reads arrivals, events and the ends of processes; writes nothing.
"""
