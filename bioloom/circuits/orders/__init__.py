"""Work orders answer: what is to be brought where, which team does it, and how it ended.

They read the commitments of plans, RoundsPlanned and the events that fulfil what was promised, and
write WorkOrderIssued, -Taken, -Delivered, -Returned, -Closed and -Withdrawn. Closing an order comes
with the events that fulfil its commitments, in one transaction.
"""
