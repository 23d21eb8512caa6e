"""Solving finds the fairest plan of one part, in HiGHS, and says at which prices it is best."""
