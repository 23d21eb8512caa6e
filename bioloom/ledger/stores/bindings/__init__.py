"""What stores keep about covenants beside their legs, and how each store enforces it."""
