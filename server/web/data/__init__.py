"""What programs ask for: the SPARQL endpoint, graphs, and what the service and its data say of themselves.

With the editor, hints and examples of that endpoint.
"""
