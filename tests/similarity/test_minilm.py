"""The sentence model gives what sentence-transformers gives, in any batches, from the files that were measured."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import UnreadableError
from server.similarity import minilm as module
from server.similarity import model_files
from server.similarity.embedding import Embedding

REFERENCE = Path(__file__).parent / "reference"
TEXTS: list[str] = json.loads((REFERENCE / "texts.json").read_text(encoding="utf-8"))


def test_vectors_are_those_of_sentence_transformers(minilm: Embedding) -> None:
    expected = np.load(REFERENCE / "vectors.npy")
    assert expected.shape == (len(TEXTS), 384) == (27, 384)
    made = minilm.vectors(TEXTS)
    assert made.dtype == np.float32
    assert np.abs(made - expected).max() < 1e-5


def test_meaning_is_nearer_than_spelling(minilm: Embedding) -> None:
    """What the other embedding cannot do."""
    cat, feline, mat = minilm.vectors(
        ["The cat sat on the mat.", "A feline rested on the rug.", "The cart set off at ten."]
    )
    assert cat @ feline > 0.5 > cat @ mat


@settings(max_examples=15)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_a_vector_does_not_depend_on_its_batch_and_has_length_one(minilm: Embedding, texts: list[str]) -> None:
    together = minilm.vectors(texts)
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-5
    for text, vector in zip(texts, together, strict=True):
        assert np.abs(minilm.vectors([text])[0] - vector).max() < 1e-5


def test_no_texts_have_no_vectors(minilm: Embedding) -> None:
    assert minilm.vectors([]).shape == (0, 384)


def test_progress_is_told_to_the_end(minilm: Embedding) -> None:
    told: list[tuple[str, int, int]] = []
    minilm.vectors(["one text or another " * 20] * 30, lambda *step: told.append(step))
    assert len(told) > 1
    assert told[-1] == ("embed", 30, 30)
    assert told == sorted(told)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_files_that_were_not_measured_are_refused(
    minilm: Embedding, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("model.safetensors", "tokenizer.json"):
        shutil.copy(model_files.folder() / file, tmp_path / file)
    with (tmp_path / name).open("r+b") as changed:
        changed.seek(-2, 2)
        changed.write(b"\n\n")
    monkeypatch.setattr(module, "folder", lambda: tmp_path)
    with pytest.raises(UnreadableError, match=rf"{name} is not the file that was measured") as caught:
        module.MiniLM()
    assert "AKB_EMBEDDING=tfidf" in caught.value.mend
    (tmp_path / name).unlink()
    with pytest.raises(UnreadableError, match="cannot be read"):
        module.MiniLM()


def test_the_weights_of_the_package_are_mapped_and_not_copied(minilm: Embedding) -> None:
    """So that threads and processes share them: the table of words is more than half of all weights."""
    weights = module.read_weights(model_files.folder() / "model.safetensors")
    assert len(weights) > 100
    assert all(isinstance(array, np.memmap) for array in weights.values())
    table = module.Graph(weights).weights["embeddings.word_embeddings.weight"]
    assert np.shares_memory(table, weights["embeddings.word_embeddings.weight"])
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 1
