"""Proposals: what is to be done, in versions that all can compare, and every objection to it.

Reads and writes ProposalDrafted, ProposalRevised, CoAuthorInvited, CoAuthorAccepted,
ObjectionRaised, ObjectionAnswered and ObjectionClosed.
"""
