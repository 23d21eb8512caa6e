"""Opinions: the map of a conversation, made of its votes alone, and as sure as these make it."""
