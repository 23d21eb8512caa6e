"""`bioloom people`: who is who in a city, who may do what, and how they come in."""
