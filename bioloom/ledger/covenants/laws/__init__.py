"""The laws of a covenant, one in each file, and what they are asked about."""
