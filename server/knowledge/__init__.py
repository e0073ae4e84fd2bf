"""The questions that pages ask of a store, answered in records.

Each module answers one, with the queries of `server/queries/`.
"""
