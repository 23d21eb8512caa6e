"""Counting ballots by each rule: whole numbers and fractions, every tie broken as was declared."""
