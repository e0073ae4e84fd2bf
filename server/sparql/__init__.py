"""SPARQL as text: its tokens, its structure, and queries rewritten, guarded and narrowed.

What runs a query is `server/store/`.
"""
