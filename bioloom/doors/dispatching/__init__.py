"""Dispatching: vehicles are declared, days are planned into rounds, and work is given out."""
