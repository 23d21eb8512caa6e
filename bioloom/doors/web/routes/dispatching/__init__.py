"""Pages and answers about rounds and work orders."""
