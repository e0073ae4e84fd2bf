"""Which vectors are near to which: every pair compared, block by block; in a large base, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ..records.progress import Progress, no_progress
from .cores import cores
from .embedding import Vectors

NEAREST: Final = 10
"""So many neighbours each has, however far they are; their mean cosine says how crowded a place is."""
MOST: Final = 200
"""And no more than so many: a thousand entities that all say the same are a million pairs."""
MOST_OF_CELLS: Final = 64
"""The same where not every pair is compared."""
EXACT_UP_TO: Final = 20_000
"""Above so many not every pair is compared: the time of that goes with the square of the count."""
_BLOCK: Final = 8_000_000
"""Cosines that a thread holds at a time."""
_CELL: Final = 256
"""Vectors that a cell has at most."""
_PARTS: Final = 16
"""Into how many parts what is too large for a cell is divided, and divided again."""
_STRETCHES: Final = 16
"""The number of stretches into which a row of cosines is divided, for each of the `NEAREST`."""
_ROUNDS: Final = 4
_CELLS_LOOKED_AT: Final = 32
_SAMPLE: Final = 200
"""Rows that are compared with all, to say how many of the nearest were found."""

_Block = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]
"""How many neighbours each row of a block has, which they are, and how near."""


@dataclass(frozen=True)
class Neighbours:
    """For each row, its neighbours, nearest first, as compressed sparse rows."""

    indptr: NDArray[np.int64]
    """Where the neighbours of each row begin; one more at the end."""
    indices: NDArray[np.int32]
    scores: NDArray[np.float32]
    recall: float = 1.0
    """How many of the nearest were found, of a sample that was compared with all; 1 where every pair was."""
    method: str = "exact"


def find(vectors: Vectors, threshold: float, progress: Progress = no_progress) -> Neighbours:
    """Return for each vector those at the threshold or nearer, and the nearest in any case."""
    return (approximate if len(vectors) > EXACT_UP_TO else exact)(vectors, threshold, progress)


def exact(vectors: Vectors, threshold: float, progress: Progress = no_progress) -> Neighbours:
    """Compare every pair. Several blocks run at once, each on one core."""
    count = len(vectors)
    rows = max(1, min(1_024, _BLOCK // max(1, count)))
    starts = range(0, count, rows)
    found: list[_Block] = []
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(cores()) as pool:
        for block in pool.map(lambda start: _block(vectors, start, rows, threshold), starts):
            found.append(block)
            progress("compare", min(len(found) * rows, count), count)
    return _joined(found)


def _block(vectors: Vectors, start: int, rows: int, threshold: float) -> _Block:
    block = vectors[start : start + rows]
    return _nearest(block @ vectors.T, np.arange(start, start + len(block)), threshold, MOST)


def _nearest(cosines: Vectors, own: NDArray[np.int64], threshold: float, most: int) -> _Block:
    """Return how many neighbours each row has, which columns they are, and how near; `own` is its own column."""
    cosines[np.arange(len(cosines)), own] = -2  # none is its own neighbour
    least = np.full(len(cosines), threshold, np.float32)
    kept = min(NEAREST, cosines.shape[1] - 1)
    if kept > 0:
        # The k-th largest of the maxima of stretches is a lower bound of the k-th largest cosine, and quicker to find.
        starts = np.arange(0, cosines.shape[1], max(1, cosines.shape[1] // (_STRETCHES * kept)))
        maxima = np.maximum.reduceat(cosines, starts, axis=1)
        least = np.minimum(least, np.partition(maxima, -kept, axis=1)[:, -kept])
    row, column = np.nonzero(cosines >= least[:, None])
    score = cosines[row, column]
    order = np.lexsort((column, -score, row))
    row, column, score = row[order], column[order], score[order]
    starts_of_rows = np.searchsorted(row, np.arange(len(cosines)))
    place = np.arange(len(row)) - starts_of_rows[row]
    nearest = score[starts_of_rows + kept - 1] if kept > 0 else np.full(len(cosines), threshold, np.float32)
    few = (place < most) & (score > -2) & (score >= np.minimum(nearest, threshold)[row])
    counts = np.bincount(row[few], minlength=len(cosines))
    return counts.astype(np.int64), column[few].astype(np.int32), np.clip(score[few], -1, 1)


def _joined(found: list[_Block]) -> Neighbours:
    if not found:
        return Neighbours(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    counts, indices, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    return Neighbours(indptr, indices, scores)


def approximate(vectors: Vectors, threshold: float, progress: Progress = no_progress) -> Neighbours:
    """Compare each vector with those in the cells of space next to it, so that the time goes with the count."""
    count = len(vectors)
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(cores()) as pool:
        cells = list(_cells(vectors, np.arange(count)))
        centres = _units(np.stack([vectors[cell].mean(axis=0) for cell in cells]))
        looked_at = min(len(cells), _CELLS_LOOKED_AT)

        def compared(number: int) -> _Block:
            cell = cells[number]
            near = np.argpartition(-(centres @ centres[number]), looked_at - 1)[:looked_at]
            others = np.sort(np.concatenate([cells[one] for one in {number, *near.tolist()}]))
            cosines = vectors[cell] @ vectors[others].T
            counts, columns, scores = _nearest(cosines, np.searchsorted(others, cell), threshold, MOST_OF_CELLS)
            return counts, others[columns].astype(np.int32), scores

        found: list[_Block] = []
        done = 0
        for cell, block in zip(cells, pool.map(compared, range(len(cells))), strict=True):
            found.append(block)
            done += len(cell)
            progress("compare", done, count)
    joined = _in_order(np.concatenate(cells), _joined(found))
    method = f"{looked_at} of {len(cells)} cells"
    return replace(joined, recall=_recall(vectors, joined), method=method)


def _cells(vectors: Vectors, rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows in cells of what is near to each other, each in order: k-means, of what is too large again.

    It is that of the sphere (Dhillon and Modha 2001, Machine Learning 42, section 3), which starts from rows at even
    distances: there is no chance in it.
    """
    if len(rows) <= _CELL:
        yield rows
        return
    own = vectors[rows]
    parts = min(_PARTS, -(-len(rows) // (_CELL // 2)))
    centres = own[np.linspace(0, len(own) - 1, parts).astype(np.int64)]
    for _ in range(_ROUNDS):
        part = (own @ centres.T).argmax(axis=1)
        centres = _units(np.stack([own[part == nth].sum(axis=0) for nth in range(parts)]))
    if np.bincount(part).max() > 0.9 * len(rows):  # they are all alike, and any parts are as good
        part = np.arange(len(rows)) * parts // len(rows)
    del own
    for nth in range(parts):
        if len(members := rows[part == nth]):
            yield from _cells(vectors, members)


def _units(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


def _in_order(rows: NDArray[np.int64], found: Neighbours) -> Neighbours:
    """Return what was found for these rows, one after the other, in the order of the rows."""
    order = np.argsort(rows)
    counts = np.diff(found.indptr)[order]
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    places = np.repeat(found.indptr[:-1][order] - indptr[:-1], counts) + np.arange(int(indptr[-1]))
    return Neighbours(indptr, found.indices[places], found.scores[places])


def _recall(vectors: Vectors, found: Neighbours) -> float:
    """Return how many of the nearest were found, of a sample."""
    sample = np.random.default_rng(0).choice(len(vectors), min(_SAMPLE, len(vectors)), replace=False)
    hit = wanted = 0
    for row in sample:
        cosines = vectors @ vectors[row]
        cosines[row] = -2
        nearest = np.argsort(-cosines)[: min(NEAREST, len(vectors) - 1)]
        hit += int(np.isin(nearest, found.indices[found.indptr[row] : found.indptr[row + 1]]).sum())
        wanted += len(nearest)
    return round(hit / wanted, 4) if wanted else 1.0


def blocks(count: int, rows: int) -> Iterator[slice]:
    """Yield the slices of so many rows."""
    return (slice(start, min(start + rows, count)) for start in range(0, count, rows))
