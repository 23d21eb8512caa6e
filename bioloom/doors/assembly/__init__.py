"""The assembly's doors: conversations, budgets and ballots, from files and from open cities."""
