"""Where a register is kept: one SQLite file."""
