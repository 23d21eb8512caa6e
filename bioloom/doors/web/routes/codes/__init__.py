"""Pages of Codes."""
