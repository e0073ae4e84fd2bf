"""A difference in formats for people and for programs.

One module for each format; `wording.py` has the sentences that they share.
"""
