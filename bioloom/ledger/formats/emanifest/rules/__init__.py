"""The rules of a manifest: the shapes of its fields, and what its fields ask of each other."""
