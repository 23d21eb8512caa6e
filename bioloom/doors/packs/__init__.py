"""What cities take over from each other: recipes and materials, with where they came from."""
