"""Sharing a budget among projects by people's ballots, exactly and so that anybody can check it."""
