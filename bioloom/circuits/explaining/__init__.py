"""Why material goes where it goes, and what would change that. Nothing that no plan has shown."""
