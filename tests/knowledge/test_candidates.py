"""The questions about pairs that wait for a decision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from server.build.build import build
from server.build.releases import Releases
from server.errors import NotFoundError
from server.knowledge.candidates import SIGNALS, counting_query, pair, queue, reasons, related, thresholds
from server.records.candidates import STRONG, Candidate, Pair, QueueSelection, Signals, State, Thresholds, candidate_id
from server.schema.schema import Schema
from server.settings import Settings
from server.similarity.graph import candidate_blocks
from server.sparql.queries import question
from server.store.embedded import Store
from tests.made import CLASSES, NAMESPACES

MEASURED = Thresholds("m 1", 0.5, 0.55)


@pytest.fixture(scope="module")
def full(store: Store) -> Store:
    """The small base with a longer queue than it has: two hundred pairs of its entities, with signals of all kinds."""
    made = Store.in_memory(NAMESPACES.prefixes())
    for name in ("asserted", "inferred", "ontology"):
        made.load(
            store.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH graph:{name} {{ ?s ?p ?o }} }}"),
            NAMESPACES.graph + name,
        )
    iris = sorted(str(row["entity"]) for row in store.select(question("entities")))
    random = np.random.default_rng(5)
    states: tuple[State, ...] = ("undecided", "undecided", "postponed", "reopened")
    found = {}
    for number in range(200):
        first, second = sorted(str(iri) for iri in random.choice(iris, 2, replace=False))
        cosine, label, shared, worth = (round(float(one), 3) for one in random.uniform(0.2, 1, 4))
        signals = Signals(cosine if number % 5 else None, label, shared if number % 3 else 0.0, number % 4 == 0)
        name = candidate_id(first, second)
        found[name] = Candidate(name, first, second, signals, worth, "m 1", states[number % 4])
    made.load_ntriples(candidate_blocks(found.values(), MEASURED, NAMESPACES).values(), f"{NAMESPACES.graph}similarity")
    return made


@pytest.fixture(scope="module")
def everything(full: Store, schema: Schema) -> tuple[Pair, ...]:
    """The whole queue."""
    return queue(full, schema, QueueSelection(), 10_000).pairs


def test_the_release_says_by_what_it_measured(store: Store) -> None:
    assert thresholds(store) == Thresholds("character TF-IDF 1", 0.35, 0.55)


def test_no_edge_joins_a_candidate_of_a_release_and_each_is_near_in_some_way(store: Store, schema: Schema) -> None:
    edges = store.select("SELECT ?one ?other { ?edge akb:subject ?one ; akb:object ?other }")
    joined = {frozenset((row["one"], row["other"])) for row in edges}
    found = queue(store, schema, QueueSelection(), 10_000)
    assert found.pairs
    for one in found.pairs:
        assert frozenset((one.first.iri, one.second.iri)) not in joined
        assert reasons(one, found.thresholds)


def test_the_queue_has_every_candidate_once_that_of_most_worth_first(full: Store, everything: tuple[Pair, ...]) -> None:
    rows = full.select("SELECT ?candidate { ?candidate a akb:SimilarityCandidate }")
    assert sorted(str(row["candidate"]) for row in rows) == sorted(NAMESPACES.candidate + one.id for one in everything)
    waiting = [(one.state == "postponed", -one.worth) for one in everything]
    assert waiting == sorted(waiting), "what was left for later stands at the end"
    assert len(everything) > 150
    assert all(one.first.iri < one.second.iri and one.first.definition for one in everything)


def test_every_entity_has_those_of_the_queue_that_it_is_in(full: Store, everything: tuple[Pair, ...]) -> None:
    entities = {end.iri for one in everything for end in (one.first, one.second)}
    for iri in entities:
        own = related(full, iri, thresholds(full)).pairs
        assert {one.id for one in own} == {one.id for one in everything if iri in {one.first.iri, one.second.iri}}
        assert all(one.other(iri).iri != iri for one in own)
        assert [one.worth for one in own] == sorted((one.worth for one in own), reverse=True)
    assert related(full, "urn:nothing", thresholds(full)).pairs == ()


def test_one_is_found_by_its_id(full: Store, everything: tuple[Pair, ...]) -> None:
    assert pair(full, NAMESPACES, everything[0].id) == everything[0]
    for wrong in ("0000000000", "x", "0" * 10 + "> ?p ?o", everything[0].id.upper() + "F"):
        with pytest.raises(NotFoundError):
            pair(full, NAMESPACES, wrong)


def speaks(one: Pair, signal: str, measured: Thresholds) -> bool:
    """Whether a signal speaks for a pair, without SPARQL."""
    known = one.signals
    assert measured.threshold is not None
    return {
        "meaning": (known.cosine or -1) >= measured.threshold,
        "strong": (known.cosine or -1) >= STRONG,
        "name": known.label >= measured.label_threshold,
        "neighbours": known.shared > 0,
        "identifier": known.identifier,
    }[signal]


@pytest.mark.parametrize("signals", [(), *((name,) for name in SIGNALS), ("name", "neighbours")])
def test_the_queue_is_filtered_by_signals(
    signals: tuple[str, ...], full: Store, schema: Schema, everything: tuple[Pair, ...]
) -> None:
    measured = MEASURED
    expected = [one.id for one in everything if all(speaks(one, signal, measured) for signal in signals)]
    found = queue(full, schema, QueueSelection(signals=signals), 10_000)
    assert [one.id for one in found.pairs] == expected
    assert found.total == len(expected)


def test_the_queue_is_filtered_by_classes_in_whichever_order(
    full: Store, schema: Schema, everything: tuple[Pair, ...]
) -> None:
    cases = 0
    counts = dict.fromkeys(CLASSES, 0)
    for first in CLASSES:
        for second in (None, *CLASSES):
            selection = QueueSelection((first,) if second is None else (first, second))
            wanted = [
                one.id
                for one in everything
                if (classes := [one.first.class_name, one.second.class_name])
                and (first in classes if second is None else sorted(classes) == sorted([first, second]))
            ]
            found = queue(full, schema, selection, 10_000)
            assert ([one.id for one in found.pairs], found.total) == (wanted, len(wanted)), selection
            counted = full.select(counting_query(selection, found.thresholds, schema))
            assert counted == [{"count": len(wanted)}]
            counts[first] += len(wanted)
            cases += 1
    assert cases == len(CLASSES) * (len(CLASSES) + 1)
    assert sum(map(bool, counts.values())) > 4
    told = queue(full, schema, QueueSelection(), 1).classes
    assert sum(count for *_, count in told) == len(everything)


def test_the_queue_is_paged(full: Store, schema: Schema, everything: tuple[Pair, ...]) -> None:
    found = [queue(full, schema, QueueSelection(), 7, start) for start in range(0, len(everything) + 7, 7)]
    assert [one for page in found for one in page.pairs] == list(everything)
    assert {page.total for page in found} == {len(everything)}
    assert queue(full, schema, QueueSelection(states=("postponed", "reopened")), 5).total == sum(
        one.state != "undecided" for one in everything
    )


def test_why_a_pair_is_there_is_said_in_words(everything: tuple[Pair, ...]) -> None:
    one = replace(everything[0], signals=Signals(0.7, 0.8, 0.25, identifier=True))
    said = " ".join(reasons(one, Thresholds("m", 0.5, 0.55)))
    for word in ("identifier", "very similar in meaning", "0.700", "names are similar", "0.80", "0.25 of 1"):
        assert word in said
    assert reasons(replace(one, signals=Signals(None, 0, 0, identifier=False)), Thresholds("", None, 0.55)) == ()


def test_a_release_without_an_embedding_still_knows_names(settings: Settings, tmp_path: Path, schema: Schema) -> None:
    own = replace(settings, embedding="none", state=tmp_path)
    build(own)
    store = Releases(own.releases).open_current(own.namespaces, own.memory_triples)[-1]
    found = queue(store, schema, QueueSelection(), 10_000)
    assert found.thresholds == Thresholds("", None, 0.55)
    assert found.pairs
    assert all(one.signals.cosine is None and not one.strong and not one.model for one in found.pairs)
    assert queue(store, schema, QueueSelection(signals=("meaning",)), 10).total == 0
