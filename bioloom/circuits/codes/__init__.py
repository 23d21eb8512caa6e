"""Codes in plans: what each rule means to a plan, what it costs, and which cannot hold together."""
