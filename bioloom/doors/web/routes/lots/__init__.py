"""Pages of lots: their list, and each one's passport."""
