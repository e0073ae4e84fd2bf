"""One module for each format of records: each has an `Importer` that reads its files into works, rows and faults.

They are listed in `server/importers/kinds.py`, and are imported when a file is of their kind. Formats are read as
their public documentation has them; each module names it.
"""
