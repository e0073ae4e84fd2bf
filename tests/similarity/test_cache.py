"""A build embeds what changed and nothing else, and a cache that is damaged or half-written does no harm."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from server.records.progress import Progress, no_progress
from server.similarity.cache import embed
from server.similarity.embedding import Vectors, create


class Counting:
    """An embedding that remembers what it was asked for; its vectors come from hashes."""

    name = "counting"
    dimensions = 8
    threshold = 0.5
    is_fitted = False

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[str] = []

    def fit(self, texts: Sequence[str]) -> None: ...

    def save(self, folder: Path) -> None: ...

    def load(self, folder: Path) -> None: ...

    def vectors(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        if "stop here" in texts:
            raise KeyboardInterrupt
        self.asked += texts
        made = np.array([list(sha256(text.encode()).digest()[:8]) for text in texts], np.float32).reshape(-1, 8) + 1
        progress("embed", len(texts), len(texts))
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "embeddings.sqlite"


def test_only_what_changed_is_embedded(file: Path) -> None:
    first, made = embed(one := Counting(), ["a", "b", "a", "c"], file)
    assert made == 3, "the same text twice is embedded once"
    assert sorted(one.asked) == ["a", "b", "c"]
    assert (first[0] == first[2]).all()
    assert (first == Counting().vectors(["a", "b", "a", "c"])).all(), "in the order of the texts"
    second, made = embed(other := Counting(), ["c", "d", "a"], file)
    assert (made, other.asked) == (1, ["d"])
    assert (second[0] == first[3]).all()
    assert (second[2] == first[0]).all()


def test_what_is_no_longer_used_is_forgotten(file: Path) -> None:
    embed(Counting(), ["a", "b", "c"], file)
    embed(Counting(), ["b"], file)
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT count(*) FROM vectors").fetchone() == (1,)
    database.close()


def test_another_version_of_a_model_starts_anew(file: Path) -> None:
    embed(Counting(), ["a"], file)
    assert embed(Counting("2"), ["a"], file)[1] == 1


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b""])
def test_a_damaged_file_is_thrown_away(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert embed(Counting(), ["a"], file)[1] == 1
    assert embed(Counting(), ["a"], file)[1] == 0


def test_a_table_of_another_form_is_thrown_away(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE vectors (other TEXT)")
    database.close()
    assert embed(Counting(), ["a"], file)[1] == 1


def test_a_killed_build_keeps_what_was_done(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.similarity.cache.CHUNK", 2)
    # The longest come first.
    texts = ["a text that is long", "another long one", "short", "stop here"]
    with pytest.raises(KeyboardInterrupt):
        embed(Counting(), texts, file)
    embed(again := Counting(), ["a text that is long", "another long one", "short"], file)
    assert again.asked == ["short"]


def test_progress_counts_what_was_known(file: Path) -> None:
    embed(Counting(), ["a", "b"], file)
    told: list[tuple[str, int, int]] = []
    embed(Counting(), ["a", "b", "c"], file, lambda *step: told.append(step))
    assert told[0] == ("embed", 2, 3)
    assert told[-1] == ("embed", 3, 3)


def test_nothing_is_embedded_of_nothing(file: Path) -> None:
    vectors, made = embed(Counting(), [], file)
    assert (vectors.shape, made) == ((0, 8), 0)


def test_vectors_that_depend_on_the_other_texts_are_not_kept(file: Path) -> None:
    embedding = create("tfidf")
    embedding.fit(["one text", "another text"])
    assert embed(embedding, ["one text"], file)[1] == 1
    assert not file.exists()
