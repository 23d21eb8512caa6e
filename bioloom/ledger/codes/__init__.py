"""Codes: the rules of the city as data. Who may enact one, and which are in force when."""
