"""The schema of a base: its ontology and its shapes, read once into one object.

Also the files generated from it: the JSON-LD context, the shapes of predicates, the reference page.
"""
