"""The Carnival's scenes: people act through the doors that everybody has, and the record tells it.

Each scene is a function of the stage; it gives what is told of it, and what must hold at the end.
"""
