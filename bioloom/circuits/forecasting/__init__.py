"""Forecasts: what districts will offer in coming months, with intervals measured on held-back ones.

It reads what was offered month by month, and writes nothing.
"""
