"""What a check found, in the formats that people, editors and code hosts read.

One module for each format; `formats.py` is the table of them.
"""
