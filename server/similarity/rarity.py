"""How seldom a base joins entities of two classes: what joins two others says little of a pair that is never joined."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .records import Linked


def rarity(entities: Sequence[Linked], ones: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return for each pair of places how seldom entities of its two classes are joined: 0, or less.

    It is the logarithm of the pairs of these classes that an edge in use joins, by those that were joined if the edges
    of the base did not care for classes; one more is counted on either side. What is joined more often than that
    gets 0: many edges between two classes do not say that one is missing.
    """
    if not len(ones):
        return np.zeros(0)
    places = {one.iri: place for place, one in enumerate(entities)}
    names, kinds = np.unique([one.kind for one in entities], return_inverse=True)
    joined = {
        (min(place, places[neighbour]), max(place, places[neighbour]))
        for place, entity in enumerate(entities)
        for neighbour in entity.neighbours
        if neighbour in places
    }
    there = np.zeros((len(names), len(names)))
    for one, other in joined:
        first, second = sorted((kinds[one], kinds[other]))
        there[first, second] += 1
    sizes = np.bincount(kinds, minlength=len(names)).astype(float)
    possible = np.outer(sizes, sizes)
    np.fill_diagonal(possible, sizes * (sizes - 1) / 2)
    expected = possible * len(joined) / (len(entities) * (len(entities) - 1) / 2)
    low, high = np.minimum(kinds[ones], kinds[others]), np.maximum(kinds[ones], kinds[others])
    found: NDArray[np.float64] = np.minimum(0.0, np.log((there[low, high] + 1) / (expected[low, high] + 1)))
    return found
