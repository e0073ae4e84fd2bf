"""Decisions on candidates: what a person decided, and the change of files that follows from it."""
