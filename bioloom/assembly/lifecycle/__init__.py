"""The lifecycle: everything that assemblies have on record, and how far each proposal came."""
