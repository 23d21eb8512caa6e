"""Replanning answers: something happened; what changes in the plan in force, as little as can be?

Reads DisruptionReported, DisruptionEnded, MoveVetoed, VetoLifted, plans, commitments and what
fulfils them; writes the first four, PlanProposed that revises another, and CommitmentEnded.
"""
