"""The European List of Waste: every code with its texts and its mark of hazardous waste."""
