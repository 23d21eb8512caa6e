"""Why, on the pages of what is asked about."""
