"""What a pool of workers embeds is, to the bit, what this process embeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from server.build.pools import local_pool
from server.similarity import cache
from server.similarity.embedding import create
from server.similarity.model_files import missing
from server.similarity.pooled import Pooled

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason="the sentence model is not installed")]

TEXTS = [f"{'an example ' * (number % 4)}of text {number}" for number in range(21)]


def test_vectors_and_cache_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "CHUNK", 4)
    monkeypatch.setattr(cache, "_CHUNKS_AT_ONCE", 3)
    model = create("minilm")
    here, made_here = cache.embed(model, TEXTS, tmp_path / "here.sqlite")
    told: list[tuple[str, int, int]] = []
    with local_pool(2) as pool:
        pooled = Pooled(model, "minilm", pool, 4)
        there, made_there = cache.embed(pooled, TEXTS, tmp_path / "there.sqlite", lambda *said: told.append(said))
        assert pooled.vectors([]).shape == (0, model.dimensions)
        again, made_again = cache.embed(pooled, TEXTS, tmp_path / "there.sqlite")
    assert np.array_equal(here, there)
    assert np.array_equal(here, again)
    assert (made_here, made_there, made_again) == (21, 21, 0)
    assert (told[0], told[-1], told == sorted(told)) == (("embed", 0, 21), ("embed", 21, 21), True)
