"""Checks a base: its files, its shapes, its rules, each finding with a mend.

`check.py` runs the stages; `changes/` checks no more than what a change affects.
"""
