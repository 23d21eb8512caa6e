"""Recipes: which are published, since when, under which licence, and what was made by them.

Reads and writes RecipePublished; reads ProcessOpened, which may name the recipe it follows.
"""
