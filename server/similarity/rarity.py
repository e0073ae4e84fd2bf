"""How rarely edges join two classes, compared with chance: pairs of classes that are never joined rank lower."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .records import Linked


def rarity(entities: Sequence[Linked], ones: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return, for each pair of entities given by their places, how rarely edges join their two classes: 0 or less.

    It is the logarithm of a ratio: the number of pairs of these classes that an edge in use joins, over the number
    expected if edges were independent of class; one is added to both. Classes that are joined more often than expected
    get 0: many edges between two classes do not show that one is missing.
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
