"""Pages about covenants: what is bound, in what words, what was let go, and what was refused."""
