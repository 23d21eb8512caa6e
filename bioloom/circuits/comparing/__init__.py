"""Comparing: what other rules of fairness would give, and cost. Only leximin is ever adopted."""
