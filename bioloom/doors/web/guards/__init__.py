"""What stands before every handler: where a request comes from, who sends it, and what it needs."""
