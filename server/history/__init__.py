"""What a base held at another time: the only package that knows git.

Snapshots, the dates of files, and commits.
"""
