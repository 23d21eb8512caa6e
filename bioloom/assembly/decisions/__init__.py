"""Decisions: taken with a quorum, carried out of themselves, and held against what followed.

Reads and writes VotesCounted, DecisionTaken, BudgetLineMade, BudgetCommitted, BudgetPaid,
EffectDeclared, EffectMeasured and ItemReturned; writes CodeEnacted, MandateGiven and
MandateRecalled where a decision says so.
"""
