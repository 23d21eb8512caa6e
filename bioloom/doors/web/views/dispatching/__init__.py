"""What the pages of rounds and of work show."""
