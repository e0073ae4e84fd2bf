"""How alike names are, by the groups of three letters that they share; and which names of many are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations, product
from sys import intern
from typing import TYPE_CHECKING, Final

from ..text.names import name_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_BLOCK: Final = 512
"""How many names are compared with all others at a time."""
_COMMON: Final = 500
"""A group that more names have than this leads from none of them to another."""
_MOST: Final = 30
"""With so many others a name is paired at most, those most alike: a thousand numbered names are many pairs."""


@lru_cache(maxsize=1 << 17)
def trigrams(name: str) -> frozenset[str]:
    """Return the groups of three letters of a name, word by word, folded, and without regard to the order of the words.

    A word is padded with two blanks before and one behind it, so that its beginning weighs more than its end.
    """
    padded = (f"  {word} " for word in name_words(name))
    return frozenset(intern(word[at : at + 3]) for word in padded for at in range(len(word) - 2))


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how alike the two most alike of two entities' names are, from 0 to 1 (the Dice coefficient)."""
    others = [trigrams(name) for name in other]
    return max((_dice(ours, theirs) for ours in map(trigrams, one) for theirs in others), default=0.0)


def alike(names: Sequence[Sequence[str]], at_least: float) -> dict[tuple[int, int], float]:
    """Return the pairs of entities two of whose names are at least so alike, each with its likeness.

    `names` are the names of each entity; a pair is two places in it, the lower first. Names are compared when they
    share a group that is not too common, so that in a base of up to _COMMON names none is missed, and in a larger one
    those that share only what so many others share too.
    Raises ValueError when `at_least` is not above 0.
    """
    if not 0 < at_least <= 1:
        raise ValueError(f"at_least is {at_least}, and not above 0 and at most 1")
    owners: dict[frozenset[str], list[int]] = {}
    for place, own in enumerate(names):
        for known in {trigrams(name) for name in own} - {frozenset()}:
            owners.setdefault(known, []).append(place)
    found: dict[tuple[int, int], float] = {}

    def note(pairs: Iterable[tuple[int, int]], score: float) -> None:
        for one, other in pairs:
            if one != other:
                pair = (min(one, other), max(one, other))
                found[pair] = max(found.get(pair, 0.0), score)

    carriers = [places[:_MOST] for places in owners.values()]
    for places in carriers:
        note(combinations(places, 2), 1.0)
    for row, column, score in _compared(list(owners), at_least):
        note(product(carriers[row], carriers[column]), score)
    return found


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _compared(grams: Sequence[frozenset[str]], at_least: float) -> Iterator[tuple[int, int, float]]:
    """Yield the places of names that are alike, the lower first, and how alike they are."""
    import numpy as np  # noqa: PLC0415 - who compares two names needs neither this nor SciPy

    counts = Counter(chain.from_iterable(grams))
    columns_of = {gram: at for at, gram in enumerate(sorted(counts))}
    whole = _matrix([[columns_of[gram] for gram in own] for own in grams], len(counts))
    is_rare = np.array([counts[gram] <= _COMMON for gram in columns_of], dtype=bool)
    index = whole[:, is_rare]
    sizes, rare_sizes = np.diff(whole.indptr), np.diff(index.indptr)
    turned = index.T.tocsr()
    for start in range(0, len(grams), _BLOCK):
        shared = (index[start : start + _BLOCK] @ turned).tocoo()
        upper = shared.row + start < shared.col
        rows, columns = shared.row[upper].astype(np.int64) + start, shared.col[upper].astype(np.int64)
        # To count what two names share costs more than to see that even all their common groups would not do.
        others = np.minimum((sizes - rare_sizes)[rows], (sizes - rare_sizes)[columns])
        near = 2 * (shared.data[upper] + others) >= at_least * (sizes[rows] + sizes[columns]) - 1e-9
        rows, columns = rows[near], columns[near]
        common = np.asarray(whole[rows].multiply(whole[columns]).sum(axis=1)).ravel()
        scores = 2 * common / (sizes[rows] + sizes[columns])
        kept = scores >= at_least - 1e-9
        rows, columns, scores = rows[kept], columns[kept], scores[kept]
        order = np.lexsort((columns, -scores, rows))
        rows, columns, scores = rows[order], columns[order], scores[order]
        few = np.arange(len(rows)) - np.searchsorted(rows, rows) < _MOST
        yield from zip(rows[few].tolist(), columns[few].tolist(), scores[few].tolist(), strict=True)


def _matrix(rows: Sequence[Sequence[int]], width: int) -> csr_matrix:
    import numpy as np  # noqa: PLC0415 - as above
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - it takes half a second to load

    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(starts[-1]))
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(rows), width))
