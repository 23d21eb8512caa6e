"""Binding: what covenants bind of what a plan divides, and which lots its flows are made of."""
