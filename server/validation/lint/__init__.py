"""What shapes and SPARQL say badly: the form of a file, its text, its names, its IRIs, and circles.

`findings.py` puts them together.
"""
