"""Pabulib files (`.pb`): the format in which cities publish the ballots of their budgets."""
