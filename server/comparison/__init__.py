"""What differs between two moments of a base, in terms of entities and edges rather than lines.

`compare.py` finds it, `matching.py` which entity became which, `reports/` writes it.
"""
