"""Makes the part of a release that knows what is near to what: vectors and neighbours, as plain arrays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ..records.pool import Pool
from ..records.progress import Progress, no_progress
from ..sparql.terms import Row
from .cache import CHUNK, embed
from .choosing import NONE, resolve
from .embedding import create
from .neighbours import find
from .pooled import Pooled
from .reading import ENTITIES, FOLDER, INDICES, INDPTR, MODEL, SCORES, VECTORS
from .records import Described, Model
from .texts import text_of

CACHE = "embeddings.sqlite"
"""The file of known vectors, in the folder of state."""


def described(rows: Iterable[Row]) -> tuple[Described, ...]:
    """Return the entities in the answer to `queries/described.rq`, sorted by IRI."""
    labels: dict[str, str] = {}
    others: dict[str, set[str]] = {}
    definitions: dict[str, str] = {}
    for row in rows:
        iri = str(row["entity"])
        labels.setdefault(iri, str(row["label"]))
        definitions.setdefault(iri, str(row.get("definition", "")))
        if "other" in row:
            others.setdefault(iri, set()).add(str(row["other"]))
    return tuple(
        Described(iri, label, tuple(sorted(others.get(iri, set()) - {label})), definitions[iri])
        for iri, label in sorted(labels.items())
    )


def build(
    entities: Sequence[Described],
    choice: str,
    release: Path,
    state: Path,
    progress: Progress = no_progress,
    pool: Pool | None = None,
) -> tuple[Model | None, int]:
    """Write vectors and neighbours into a release; return the model, and how many texts were embedded anew.

    `entities` are sorted by IRI. With a `pool`, a model that comes trained embeds there.
    Where the choice is to have none, nothing is written, and the model is None.
    Raises UsageError when the model that is asked for is not installed.
    """
    kind = resolve(choice)
    if kind == NONE:
        return None, 0
    folder = release / FOLDER
    folder.mkdir()
    embedding = create(kind)
    texts = [text_of(entity) for entity in entities]
    embedding.fit(texts)
    if pool is not None and not embedding.is_fitted:
        embedding = Pooled(embedding, kind, pool, CHUNK)
    vectors, made = embed(embedding, texts, state / CACHE, progress)
    near = find(vectors, embedding.threshold, progress)
    np.save(folder / VECTORS, vectors.astype(np.float16))
    np.save(folder / INDPTR, near.indptr)
    np.save(folder / INDICES, near.indices)
    np.save(folder / SCORES, near.scores)
    np.save(folder / ENTITIES, np.array([entity.iri.encode() for entity in entities], dtype=np.bytes_))
    embedding.save(folder)
    model = Model(embedding.name, embedding.version, embedding.dimensions, embedding.threshold)
    said = {"kind": kind, **asdict(model), "method": near.method, "recall": near.recall}
    (folder / MODEL).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    return model, made
