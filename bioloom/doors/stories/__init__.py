"""Stories: cities made up for practice, each from a seed, and what happens in them."""
