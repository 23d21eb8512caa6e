"""Stories told on the terminal, one in each file."""
