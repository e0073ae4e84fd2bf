"""The ontology as records, and what is generated from it.

The JSON-LD context, shapes, and the reference page.
"""
