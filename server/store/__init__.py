"""The only package that runs a SPARQL engine: pyoxigraph for our own data, SPARQLWrapper for other endpoints.

Public queries run in worker processes, which can be stopped.
"""
