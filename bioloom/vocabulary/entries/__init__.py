"""The body of every entry kind, one file a room, and the registry that finds them by name."""
