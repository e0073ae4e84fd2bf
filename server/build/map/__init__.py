"""The map of the whole base: its entities and their positions.

It is computed when a release is built, and read by the web.
"""
