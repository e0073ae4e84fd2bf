"""What a release knows of nearness, read from its arrays: no model is loaded, and the pages of memory are shared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..errors import UnreadableError
from .neighbours import NEAREST, blocks
from .records import Model, Neighbour

FOLDER: Final = "similarity"
"""The folder in a release."""
MODEL, ENTITIES, VECTORS = "model.json", "entities.npy", "vectors.npy"
INDPTR, INDICES, SCORES = "neighbours-indptr.npy", "neighbours-indices.npy", "neighbours-scores.npy"
_ROWS_AT_ONCE = 8_192

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
"""Pairs of rows: the lesser of each, the greater of each, and their cosines."""


class Similarity:
    """Vectors and neighbours of the entities of a release, in the order of their IRIs."""

    def __init__(self, folder: Path, said: dict[str, Any]) -> None:
        self.folder = folder
        self.kind: str = said["kind"]
        """`minilm` or `tfidf`."""
        self.model = Model(said["name"], said["version"], said["dimensions"], said["threshold"])
        self.method: str = said["method"]
        self.recall: float = said["recall"]
        """How many of the nearest neighbours were found, from 0 to 1; 1 where every pair was compared."""
        self._entities = _array(folder / ENTITIES)
        self._vectors = _array(folder / VECTORS)
        self._indptr, self._indices, self._scores = (_array(folder / name) for name in (INDPTR, INDICES, SCORES))
        if not len(self._entities) == len(self._vectors) == len(self._indptr) - 1:
            raise UnreadableError(f"{folder} is damaged: its arrays differ in length.", "run `akb build --force`.")

    @classmethod
    def open(cls, release: Path) -> Similarity | None:
        """Open what a release knows; None when it was built without an embedding. Raises UnreadableError."""
        folder = release / FOLDER
        try:
            said = json.loads((folder / MODEL).read_text(encoding="utf-8"))
            return cls(folder, said)
        except FileNotFoundError:
            if folder.exists():
                raise UnreadableError(f"{folder} is not whole.", "run `akb build --force`.") from None
            return None
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise UnreadableError(f"{folder} is damaged: {error}", "run `akb build --force`.") from error

    def __len__(self) -> int:
        return len(self._entities)

    def iri(self, index: int) -> str:
        """Return the IRI of a row."""
        return bytes(self._entities[index]).decode()

    def index(self, iri: str) -> int | None:
        """Return the row of an entity; None for one that the release did not embed."""
        name = iri.encode()
        if len(name) > self._entities.itemsize:  # numpy would copy all names to make them as long
            return None
        index = int(np.searchsorted(self._entities, np.bytes_(name)))
        return index if index < len(self) and self._entities[index] == name else None

    def vector_of(self, iri: str) -> NDArray[np.float32] | None:
        """Return the unit vector of an entity."""
        index = self.index(iri)
        return None if index is None else _unit(self._vectors[index].astype(np.float32))

    def cosine(self, one: str, other: str) -> float | None:
        """Return how near two entities are, from -1 to 1; None when one is not known."""
        first, second = self.vector_of(one), self.vector_of(other)
        return None if first is None or second is None else float(first @ second)

    def neighbours_of(self, iri: str) -> tuple[Neighbour, ...]:
        """Return the entities near to one, nearest first: all at the threshold of the model, and the ten nearest."""
        index = self.index(iri)
        if index is None:
            return ()
        near = slice(int(self._indptr[index]), int(self._indptr[index + 1]))
        pairs = zip(self._indices[near], self._scores[near], strict=True)
        return tuple(Neighbour(self.iri(int(other)), float(score)) for other, score in pairs)

    def crowding(self) -> NDArray[np.float32]:
        """Return for each row the mean cosine of its ten nearest: near 1 for a hub. For CSLS."""
        starts, ends = self._indptr[:-1], self._indptr[1:]
        sums = np.concatenate([[0.0], np.cumsum(self._scores, dtype=np.float64)])
        ends = np.minimum(starts + NEAREST, ends)
        return np.asarray((sums[ends] - sums[starts]) / np.maximum(ends - starts, 1), np.float32)

    def pairs(self, threshold: float) -> Pairs:
        """Return each pair of rows at a threshold or nearer once, in order.

        Pairs under the threshold of the model are found only where one is among the nearest of the other.
        """
        rows = np.repeat(np.arange(len(self)), np.diff(self._indptr))
        near = self._scores >= threshold
        rows, others, scores = rows[near], self._indices[near].astype(np.int64), self._scores[near]
        # The other way round it comes again, unless that list was cut or is approximate.
        codes, first = np.unique(np.minimum(rows, others) * len(self) + np.maximum(rows, others), return_index=True)
        return codes // max(len(self), 1), codes % max(len(self), 1), scores[first]

    def cosines(self, ones: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how near the entities of some rows are to those of others, pair by pair."""
        found = np.zeros(len(ones), np.float32)
        for rows in blocks(len(ones), _ROWS_AT_ONCE):
            first, second = (self._vectors[given[rows]].astype(np.float32) for given in (ones, others))
            lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
            found[rows] = (first * second).sum(axis=1) / np.where(lengths > 0, lengths, 1)
        return found

    def nearest(self, vector: NDArray[np.float32], limit: int, among: Iterable[str] | None = None) -> list[Neighbour]:
        """Return the entities nearest to any vector, say that of a query. Compares with all, a block at a time.

        `among` are the IRIs of those that count; None for all.
        """
        if among is not None:
            known = sorted({row for row in map(self.index, among) if row is not None})
            cosines = self._vectors[known].astype(np.float32) @ vector
            order = np.argsort(-cosines, kind="stable")[:limit]
            return [Neighbour(self.iri(known[int(at)]), float(cosines[at])) for at in order]
        scores = np.empty(len(self), np.float32)
        for rows in blocks(len(self), _ROWS_AT_ONCE):
            scores[rows] = self._vectors[rows].astype(np.float32) @ vector
        limit = min(limit, len(self))
        if limit <= 0:
            return []
        best = np.argpartition(-scores, limit - 1)[:limit]
        ordered = best[np.lexsort((best, -scores[best]))]
        return [Neighbour(self.iri(int(index)), float(scores[index])) for index in ordered]


def _array(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, mmap_mode="r")
    return array


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
