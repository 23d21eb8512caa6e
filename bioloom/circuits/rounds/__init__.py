"""Rounds answer: which vehicle fetches what a plan has due on a day, when, and by which way.

They read the declarations, VehicleClassDeclared, HoursDeclared and the commitments of a plan, and
write RoundsPlanned and RoundsAdopted. The search is PyVRP's; the times are worked out anew from its
order of halts, and held against the figures by a checker that knows nothing of the search.
"""
