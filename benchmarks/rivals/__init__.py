"""Rivals, each run by the interpreter of an environment of its own. They import nothing of ours."""
