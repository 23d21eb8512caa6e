"""Linked data as files: JSON and YAML read strictly, whatever somebody put into them."""
