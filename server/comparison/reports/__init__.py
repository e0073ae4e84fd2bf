"""A difference in formats for people and for programs."""
