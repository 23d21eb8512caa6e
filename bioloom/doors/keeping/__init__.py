"""Keeping a city: backups made while it runs, restored into a new folder, and proved both times."""
