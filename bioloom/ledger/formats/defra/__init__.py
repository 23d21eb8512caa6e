"""UK Digital Waste Tracking (Defra): receipts of waste, checked, taken in and written.

Rules are those of the Receipt API 1.0 (public beta), its data definitions and its FAQ.
"""
