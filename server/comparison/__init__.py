"""What differs between two moments of a base, in terms of entities and edges rather than lines."""
