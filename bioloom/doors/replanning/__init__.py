"""Replanning at the doors: people report disruptions, ask what would follow, veto and accept."""
