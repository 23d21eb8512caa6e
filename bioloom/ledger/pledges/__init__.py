"""Pledges: what a commons undertakes for a season, who gave their word, and how it is kept.

Reads and writes PledgeMade, PledgeRenewed, PledgeJoined and PledgeLeft; reads LotArrived.
"""
