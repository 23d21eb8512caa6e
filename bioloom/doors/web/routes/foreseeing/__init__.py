"""Pages of what has not happened: sites that fail, and facilities that are proposed."""
