"""The one schema of a base: what its ontology and its shapes say, read once and passed on as one object.

Files that are made from it too: the JSON-LD context, shapes of predicates, the reference page.
"""
