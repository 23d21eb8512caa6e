"""`bioloom assembly`: what is decided together, and who is heard."""
