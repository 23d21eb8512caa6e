"""`bioloom assembly ballot` and `board`."""
