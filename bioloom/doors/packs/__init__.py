"""What cities take over from each other: recipes, materials, covenants, with their origin."""
