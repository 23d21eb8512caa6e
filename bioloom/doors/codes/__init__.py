"""Codes as people bring them: files, decisions, and what the record says of them."""
