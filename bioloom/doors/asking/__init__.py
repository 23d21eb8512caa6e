"""Asking: why a lot, a district or a site is served as it is, and what would change it."""
