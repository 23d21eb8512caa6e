"""Questions: why a lot, a district or a site is served so, and what would change it."""
