"""Puts a base into a store, in its named graphs."""

from __future__ import annotations

from ..store.embedded import Store
from .base import Base


def load_base(store: Store, base: Base) -> None:
    """Put what the files of `kb/` and of the ontology say into a store, each in the named graph of its kind."""
    store.load_ntriples(base.pieces, f"{base.namespaces.graph}asserted")
    for file in base.ontology_files:
        store.load(file.text, f"{base.namespaces.graph}ontology", file.base)


def loaded(base: Base) -> Store:
    """Return a store in memory that holds a base."""
    store = Store.in_memory(base.namespaces.prefixes())
    load_base(store, base)
    return store
