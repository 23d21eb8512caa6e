"""What circuits does of itself when something is recorded."""
