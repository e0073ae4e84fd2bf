"""What speaks for a pair beside the cosine: names, neighbours and identifiers that both have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..namespaces import is_web_address
from ..records.candidates import Signals
from ..records.identifiers import address_of, keys_at
from .labels import likeness
from .records import Linked

UNKNOWN: Final = 4
"""How many neighbours more one of two is taken to have, which the other has not; docs/similarity.md says why."""


def signals(one: Linked, other: Linked, cosine: float | None = None, corrected: float | None = None) -> Signals:
    """Return what speaks for a pair, given the cosine of the two and its correction, where there is an embedding."""
    return Signals(
        cosine=cosine,
        label=likeness(one.names, other.names),
        shared=shared_neighbours(one, other),
        identifier=bool(one.identifiers & other.identifiers),
        corrected=corrected,
    )


def shared_neighbours(one: Linked, other: Linked) -> float:
    """Return which part of the entities joined to either is joined to both, from 0 to 1.

    It is the Jaccard index with UNKNOWN neighbours more, which only one of the two has: that both have the same single
    neighbour says little, and that they share many of many says much.
    """
    return len(one.neighbours & other.neighbours) / (len(one.neighbours | other.neighbours) + UNKNOWN)


def shared_by_pairs(
    entities: Sequence[Linked], ones: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what `shared_neighbours` is of many pairs at once, each of two places in `entities`."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - it takes half a second to load

    places: dict[str, int] = {}
    columns = [places.setdefault(iri, len(places)) for one in entities for iri in one.neighbours]
    sizes = np.array([len(one.neighbours) for one in entities], np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    shape = (len(entities), len(places))
    matrix = csr_matrix((np.ones(len(columns), np.int32), np.array(columns, np.int64), starts), shape=shape)
    both = np.asarray(matrix[ones].multiply(matrix[others]).sum(axis=1)).ravel()
    return np.asarray(both / (sizes[ones] + sizes[others] - both + UNKNOWN))


def plain_identifier(property_: str, value: str, address: str = "") -> str:
    """Return an external identifier written in one way.

    `address` says where values of the property can be looked up, as in `PropertyTerm.address`. A DOI knows no case,
    that of a preprint on arXiv is its arXiv identifier, and an address is the same with and without a slash at its end.
    """
    text = address_of(address, value) if address else value
    if keys := keys_at(text):
        return keys[0]
    if is_web_address(text):
        return text.rstrip("/").replace("https://", "http://", 1)
    return f"{property_} {value}"


def sharing_identifiers(described: Sequence[Linked]) -> set[tuple[int, int]]:
    """Return the pairs of places, the lower first, of entities that carry the same external identifier."""
    carriers = defaultdict(list)
    for at, one in enumerate(described):
        for identifier in one.identifiers:
            carriers[identifier].append(at)
    return {pair for places in carriers.values() for pair in combinations(places, 2)}
