"""What people read: entities, classes, searches, gaps, overviews, paths, the ontology, and the review queue.

Each is also answered as data, by the same address and negotiation.
"""
