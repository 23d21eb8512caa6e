"""The record itself: the journal, how drafts are sealed into its chain, and how it is verified."""
