"""The control room as its page shows it."""
