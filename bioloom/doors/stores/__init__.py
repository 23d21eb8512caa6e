"""Where things are kept: a city's settings, its database, and what can be lost."""
