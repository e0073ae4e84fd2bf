"""SHACL engines behind one interface: data, ontology and shapes in, validation results out.

`running.py` chooses between the quick one and pyshacl.
"""
