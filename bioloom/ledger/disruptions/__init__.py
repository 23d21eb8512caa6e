"""Disruptions answers: what stands in the way of sites and roads, and which moves are vetoed?

Reads DisruptionReported, DisruptionEnded, MoveVetoed and VetoLifted, which circuits writes.
"""
