"""How alike names are, by the groups of three letters that they share; and which names of many are alike."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import ceil
from typing import Final

import numpy as np
from scipy import sparse

_WORD: Final = re.compile(r"\w+")
_BLOCK: Final = 2048
"""How many names are compared with all others at a time."""


def trigrams(name: str) -> frozenset[str]:
    """Return the groups of three letters of a name, word by word, without regard to case, accents and order.

    A word is padded with two blanks before and one behind it, so that its beginning weighs more than its end.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(letter for letter in plain if not unicodedata.combining(letter))
    padded = (f"  {word} " for word in _WORD.findall(text))
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how alike the two most alike of two entities' names are, from 0 to 1 (the Dice coefficient)."""
    others = [trigrams(name) for name in other]
    return max((_dice(ours, theirs) for ours in map(trigrams, one) for theirs in others), default=0.0)


def alike(names: Sequence[Sequence[str]], at_least: float) -> dict[tuple[int, int], float]:
    """Return the pairs of entities two of whose names are at least so alike, each with its likeness.

    `names` are the names of each entity; a pair is two places in it, the lower first. None is missed: names whose
    likeness reaches `at_least` share a group among the rarest of either, so that only such are compared.
    Raises ValueError when `at_least` is not above 0.
    """
    if not 0 < at_least <= 1:
        raise ValueError(f"at_least is {at_least}, and not above 0 and at most 1")
    owners = np.array([at for at, own in enumerate(names) for _ in own], dtype=np.int64)
    grams = [trigrams(name) for own in names for name in own]
    found: dict[tuple[int, int], float] = {}
    for rows, columns, scores in _compared(grams, at_least):
        for one, other, score in zip(owners[rows], owners[columns], scores, strict=True):
            if one != other:
                pair = (int(min(one, other)), int(max(one, other)))
                found[pair] = max(found.get(pair, 0.0), float(score))
    return found


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


_Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]


def _compared(grams: Sequence[frozenset[str]], at_least: float) -> Iterator[_Pairs]:
    """Yield the places of names that are alike, the lower in the first array, and how alike they are."""
    counts = Counter(chain.from_iterable(grams))
    by_rarity = {gram: at for at, gram in enumerate(sorted(counts, key=lambda gram: (counts[gram], gram)))}
    ordered = [sorted(by_rarity[gram] for gram in own) for own in grams]
    # Dice >= t needs |A and B| >= t |A| / (2 - t): two such names cannot share only groups beyond the rarest others.
    rarest = [own[: len(own) - ceil(len(own) * at_least / (2 - at_least) - 1e-9) + 1] for own in ordered]
    whole, index = _matrix(ordered, len(counts)), _matrix(rarest, len(counts))
    sizes = np.diff(whole.indptr)
    turned = index.T.tocsr()
    for start in range(0, len(grams), _BLOCK):
        shared = (index[start : start + _BLOCK] @ turned).tocoo()
        rows, columns = shared.row.astype(np.int64) + start, shared.col.astype(np.int64)
        rows, columns = rows[rows < columns], columns[rows < columns]
        common = np.asarray(whole[rows].multiply(whole[columns]).sum(axis=1)).ravel()
        scores = 2 * common / (sizes[rows] + sizes[columns])
        kept = scores >= at_least - 1e-9
        yield rows[kept], columns[kept], scores[kept]


def _matrix(rows: Sequence[Sequence[int]], width: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(starts[-1]))
    return sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(rows), width))
