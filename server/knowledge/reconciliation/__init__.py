"""Which entities others may mean by a name and some facts, and what is known of those.

The answers of the Reconciliation Service API, whichever its version.
"""
