"""The only package that runs a SPARQL engine: pyoxigraph for our own data, SPARQLWrapper for other endpoints."""
