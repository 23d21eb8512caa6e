"""Circuits answers: who gets what, now. Where does every material go, how fairly, and why.

It poses a period's offered masses and the sites' rooms as arrays, finds the fairest plan, rounds it
to milligrams, has it checked from the arrays alone, and says in one sentence a district what binds
it. It reads the declarations, PlanProposed and PlanAdopted, and writes PlanProposed, PlanAdopted
and CommitmentMade.
"""
