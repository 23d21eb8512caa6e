"""Sifting answers: what is the least that a plan of a large city costs, over millions of arcs?

A large city is posed as tables, not as a list of arcs. Prices are found on all arcs at once, a
small linear program decides among the few arcs that are near their price, and every arc is priced
exactly until none would lower the cost. Any prices give a bound that holds: that is the proof.
It reads and writes no entry.
"""
