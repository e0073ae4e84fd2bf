"""Copies of other bases, kept up to date by their event streams."""
