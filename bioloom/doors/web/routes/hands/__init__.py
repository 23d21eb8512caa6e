"""Pages for a hand and a thumb: give, hand on, take in, correct, scan; with or without network."""
