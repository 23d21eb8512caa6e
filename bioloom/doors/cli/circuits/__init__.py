"""`bioloom circuits`: vehicles, rounds and work orders, and what happens to plans in force."""
