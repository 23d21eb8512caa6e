"""Estimates: what several people think there is of a lot, beside what the account says."""
