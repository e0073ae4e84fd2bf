"""SHACL engines behind one interface: data, ontology and shapes in, validation results out."""
