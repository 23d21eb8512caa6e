"""Stores: the only files that open databases. All keep the same rows and pass the same tests."""
