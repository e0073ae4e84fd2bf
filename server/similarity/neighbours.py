"""Which vectors are near to which: every pair compared, block by block; in a very large base, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ..records.progress import Progress, no_progress
from .cores import cores
from .embedding import Vectors

NEAREST: Final = 10
"""So many neighbours each has, however far they are; their mean cosine says how crowded a place is."""
MOST: Final = 1_000
"""And no more than so many: a thousand entities that all say the same are a million pairs."""
EXACT_UP_TO: Final = 200_000
"""Above so many, every pair is compared only where faiss is not installed."""
_BLOCK: Final = 8_000_000
"""Cosines that a thread holds at a time."""
_FOUND: Final = 64
"""Neighbours that are asked for where not every pair is compared."""
_CELLS_LOOKED_AT: Final = 32
_ROWS_AT_ONCE: Final = 4_096
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
    if len(vectors) > EXACT_UP_TO and find_spec("faiss") is not None:
        return approximate(vectors, threshold, progress)
    return exact(vectors, threshold, progress)


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
    """Return how many neighbours each row of a block has, which they are, and how near."""
    cosines = vectors[start : start + rows] @ vectors.T
    cosines[np.arange(len(cosines)), np.arange(start, start + len(cosines))] = -2  # none is its own neighbour
    least = np.full(len(cosines), threshold, np.float32)
    others = cosines.shape[1] - 1
    if others > 0:
        kept = -min(NEAREST, others)
        least = np.minimum(least, np.partition(cosines, kept, axis=1)[:, kept])
    row, column = np.nonzero(cosines >= least[:, None])
    score = cosines[row, column]
    order = np.lexsort((column, -score, row))
    row, column, score = row[order], column[order], score[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    few = (place < MOST) & (score > -2)
    counts = np.bincount(row[few], minlength=len(cosines))
    return counts.astype(np.int64), column[few].astype(np.int32), np.clip(score[few], -1, 1)


def _joined(found: list[_Block]) -> Neighbours:
    if not found:
        return Neighbours(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    counts, indices, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
    return Neighbours(indptr, indices, scores)


def approximate(vectors: Vectors, threshold: float, progress: Progress = no_progress) -> Neighbours:
    """Compare each vector with those in the cells of space next to it; faiss must be installed."""
    import faiss  # noqa: PLC0415 - it may be missing, and few bases are so large

    faiss.omp_set_num_threads(cores())
    count, dimensions = vectors.shape
    cells = max(1, min(4 * math.isqrt(count), count // 40))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimensions), dimensions, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = 64
    index.train(vectors)
    index.add(vectors)
    index.nprobe = min(cells, _CELLS_LOOKED_AT)
    found: list[_Block] = []
    for rows in blocks(count, _ROWS_AT_ONCE):
        scores, others = index.search(vectors[rows], min(count, _FOUND + 1))
        real = (others >= 0) & (others != np.arange(rows.start, rows.stop)[:, None])
        kept = real & ((scores >= threshold) | (np.cumsum(real, axis=1) <= NEAREST))
        found.append((kept.sum(axis=1), others[kept].astype(np.int32), np.clip(scores[kept], -1, 1)))
        progress("compare", rows.stop, count)
    joined = _joined(found)
    return replace(joined, recall=_recall(vectors, joined), method=f"faiss, {index.nprobe} of {cells} cells")


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
