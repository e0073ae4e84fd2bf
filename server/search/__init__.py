"""The text index: made with the release, read by the search, the completion and the reconciliation service.

Its tables, its words, how it mends misspellings, and how lists of classes are read from it.
"""
