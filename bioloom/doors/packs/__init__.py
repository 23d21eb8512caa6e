"""What cities take over from each other, with its origin: recipes, materials, covenants, Codes."""
