"""The page of fairness: by district, what other rules would give, and cost."""
