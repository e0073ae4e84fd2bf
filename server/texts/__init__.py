"""The texts of works: read from LaTeX, HTML, PDF and plain text into sections, paragraphs and sentences with anchors.

They are in a folder outside of git; what git has is a record of each (`shelf.py`). Quotes, locators and numbers are
looked for in them (`passages.py`, `locators.py`, `numbers.py`).
"""
