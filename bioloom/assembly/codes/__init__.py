"""Codes before they are enacted: tried on what is past."""
