"""Foreign formats into the files of `kb/`.

Tables by now: their cells are read, resolved, and written as entities and edges.
"""
