"""`bioloom circuits`: vehicles, rounds and work orders on the command line."""
