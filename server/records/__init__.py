"""The records that packages hand to each other: plain data.

Nothing here reads a store, a file or a request.
"""
