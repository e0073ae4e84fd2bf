"""Vectors cached between builds, by the hash of what was embedded: a build embeds only what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np

from ..records.progress import Progress, no_progress
from .embedding import Embedding, Vectors
from .pooled import Pooled

CHUNK = 1_024
"""How many new vectors are written at a time: a killed build keeps those before."""
_CHUNKS_AT_ONCE = 64
"""How many such chunks go to a pool of workers at a time."""


def embed(embedding: Embedding, texts: list[str], file: Path, progress: Progress = no_progress) -> tuple[Vectors, int]:
    """Return the vectors of all texts, from the file where they are known, and how many were made anew.

    Afterwards the file holds what this call needed, and nothing else. A damaged file is thrown away.
    """
    if embedding.is_fitted:
        return embedding.vectors(texts, progress), len(texts)
    try:
        return _embed(embedding, texts, file, progress)
    except sqlite3.DatabaseError:
        file.unlink(missing_ok=True)
        return _embed(embedding, texts, file, progress)


def _embed(embedding: Embedding, texts: list[str], file: Path, progress: Progress) -> tuple[Vectors, int]:
    model = f"{embedding.name} {embedding.version}"
    keys = [sha256(f"{model}\0{text}".encode()).digest() for text in texts]
    with _opened(file) as database:
        known = _known(database, set(keys), embedding.dimensions)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        # Like lengths together: a batch takes as long as its longest text.
        waiting = sorted(new, key=lambda key: len(new[key]), reverse=True)
        done = len(texts) - len(waiting)
        progress("embed", done, len(texts))

        step = CHUNK * (_CHUNKS_AT_ONCE if isinstance(embedding, Pooled) else 1)
        for start in range(0, len(waiting), step):
            chunk = waiting[start : start + step]

            def tell(stage: str, within: int, _total: int, before: int = done + start) -> None:
                progress(stage, before + within, len(texts))

            made = embedding.vectors([new[key] for key in chunk], tell)
            rows = [(key, vector.tobytes()) for key, vector in zip(chunk, made, strict=True)]
            database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            database.commit()
            known.update(zip(chunk, made, strict=True))
        _forget_others(database, known)
    result = np.zeros((len(texts), embedding.dimensions), np.float32)
    for row, key in enumerate(keys):
        result[row] = known[key]
    progress("embed", len(texts), len(texts))
    return result, len(waiting)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
        yield database


def _known(database: sqlite3.Connection, wanted: set[bytes], dimensions: int) -> dict[bytes, Vectors]:
    return {
        key: np.frombuffer(vector, np.float32)
        for key, vector in database.execute("SELECT key, vector FROM vectors")
        if key in wanted and len(vector) == 4 * dimensions
    }


def _forget_others(database: sqlite3.Connection, used: Mapping[bytes, Vectors]) -> None:
    others = [(key,) for (key,) in database.execute("SELECT key FROM vectors").fetchall() if key not in used]
    database.executemany("DELETE FROM vectors WHERE key = ?", others)
    database.commit()
