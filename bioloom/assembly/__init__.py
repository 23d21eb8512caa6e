"""Assembly answers: what do we decide together, who is heard, and what came of it.

Opinions become a map whose groups say how sure they are; budgets are shared by rules whose outcome
anybody can check.
"""
