"""How quick the embeddings are, how long all pairs take, and what is lost where not every pair is compared.

Run it with `make bench`. Texts are those of the base. Vectors are made up: they crowd around centres, which crowd
around topics, so that the nearest are as near as those of real entities are; without any order there would be nothing
to find. Seconds of CPU, over all cores, say more than those of the clock where the machine has other work to do.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.build.build import build
from server.build.releases import Releases
from server.settings import read_settings
from server.similarity.building import build as build_similarity
from server.similarity.building import described
from server.similarity.embedding import create
from server.similarity.model_files import missing
from server.similarity.neighbours import approximate, exact
from server.similarity.querying import embed_query
from server.similarity.reading import Similarity
from server.similarity.records import Described
from server.similarity.texts import text_of
from server.sparql.queries import question

ROOT = Path(__file__).parent.parent
THRESHOLD = 0.7
DIMENSIONS = 384
QUERIES = [
    "models that pretend to agree",
    "reward hacking",
    "who wrote about deceptive alignment",
    "sparse autoencoders",
]


def clustered(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Return unit vectors around centres around fifty topics, about twenty to a centre."""
    random = np.random.default_rng(seed)
    topics = random.normal(size=(50, DIMENSIONS)).astype(np.float32)
    centres = random.normal(size=(count // 20 + 1, DIMENSIONS)).astype(np.float32)
    centres += topics[random.integers(50, size=len(centres))]
    vectors = centres[random.integers(len(centres), size=count)]
    vectors += 0.9 * random.normal(size=vectors.shape).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def timed(work: Callable[..., Any], *given: Any) -> tuple[float, float, Any]:
    """Return how many seconds something took, by the clock and of CPU, and its result."""
    start, used = time.perf_counter(), time.process_time()
    result = work(*given)
    return time.perf_counter() - start, time.process_time() - used, result


def entities() -> tuple[Described, ...]:
    """Return the entities of this base."""
    with tempfile.TemporaryDirectory() as state:
        settings = read_settings({"AKB_STATE": state, "AKB_EMBEDDING": "none"}, root=ROOT)
        build(settings)
        _, _, store = Releases(settings.releases).open_current(settings.namespaces, settings.memory_triples)
        return described(store.select(question("described")))


def embedding_rates(found: tuple[Described, ...]) -> None:
    """Print how quick each embedding is: with nothing known, with all known, and for a query."""
    texts = [text_of(entity) for entity in found]
    print(f"\n{len(texts)} texts of this base, {sum(map(len, texts)) / len(texts):.0f} letters each")
    print(f"{'embedding':<18}{'texts/s':>9}{'per CPU s':>11}{'first part':>12}{'second':>9}{'query p50':>11}{'max':>9}")
    for kind in ["tfidf"] + ([] if missing() else ["minilm"]):
        embedding = create(kind)
        fitting = timed(embedding.fit, texts)
        making = timed(embedding.vectors, texts)
        clock, cpu = fitting[0] + making[0], fitting[1] + making[1]
        with tempfile.TemporaryDirectory() as state:
            releases = [Path(state) / name for name in ("first", "second")]
            parts = []
            for release in releases:
                release.mkdir()
                parts.append(timed(build_similarity, found, kind, release, Path(state))[0])
            similarity = Similarity.open(releases[1])
            embed_query(similarity, "the model is loaded now")
            asked = sorted(timed(embed_query, similarity, text)[0] for text in QUERIES * 10)
        print(
            f"{embedding.name:<18}{len(texts) / clock:>9.0f}{len(texts) / cpu:>11.0f}"
            f"{parts[0]:>10.1f} s{parts[1]:>7.1f} s{asked[len(asked) // 2] * 1e3:>8.1f} ms{asked[-1] * 1e3:>6.1f} ms"
        )


def all_pairs(count: int) -> None:
    """Print how long it takes to compare all, with and without every pair, and what is lost without."""
    vectors = clustered(count)
    for find in (approximate, exact):
        clock, cpu, found = timed(find, vectors, THRESHOLD)
        print(
            f"{count:>8,}  {found.method:<26}{clock:>8.1f} s{cpu:>8.1f} s"
            f"{found.recall:>11.4f}{len(found.indices):>12,}",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000], help="how many vectors")
    sizes = parser.parse_args().sizes
    print(f"{os.cpu_count()} cores; load when it began: {os.getloadavg()[0]:.1f}")
    embedding_rates(entities())
    print(f"\nAll pairs of {DIMENSIONS} dimensions, cosine {THRESHOLD} or the ten nearest; made-up vectors in clusters")
    print(f"{'vectors':>8}  {'how':<26}{'clock':>10}{'CPU':>10}{'recall@10':>11}{'neighbours':>12}")
    for size in sizes:
        all_pairs(size)


if __name__ == "__main__":
    main()
