"""What a build prepares: it is what the store of the release answers, and it is what pages ask."""

from __future__ import annotations

from server.build.answers import answers
from server.build.releases import Releases
from server.knowledge.candidates import queue
from server.knowledge.dataset import dataset_summary
from server.knowledge.gaps import gap_page
from server.knowledge.listing import near_names
from server.knowledge.overviews import count, debates, open_questions, timeline
from server.records.candidates import Candidate, QueueSelection, Signals
from server.schema.schema import Schema
from server.settings import Settings
from server.sparql.queries import question
from server.sparql.terms import Row
from server.store.embedded import Store
from server.store.prepared import Prepared
from tests.made import GAPS, NAMESPACES, OUR_SCHEMA


def prepared(settings: Settings, store: Store) -> Prepared:
    release = Releases(settings.releases).current()
    assert release is not None
    return Prepared(store, release)


def asked(store: Store, made: list[str]) -> dict[str, list[Row]]:
    """Return what a build prepares of a store, and note the questions about single entities."""

    def rows_about(name: str, _: str) -> list[Row]:
        made.append(name)
        # In an order of which nothing may depend.
        texts = {f"gaps/{gap.name}": gap.query for gap in GAPS}
        return store.select(texts.get(name) or question(name, OUR_SCHEMA.roles))[::-1]

    return answers(store, rows_about, OUR_SCHEMA.roles, GAPS, waiting(store))


def waiting(store: Store) -> dict[str, Candidate]:
    """Return the pairs that wait for a decision, as the store has them."""
    rows = store.select(
        "SELECT ?candidate ?first ?second ?worth ?state { ?candidate akb:member ?first, ?second ; akb:worth ?worth ; "
        "akb:candidateState/skos:notation ?state FILTER(STR(?first) < STR(?second)) }"
    )
    unknown = Signals(None, 0, 0, identifier=False)
    return {
        (iri := str(row["candidate"])): Candidate(
            iri.rpartition("/")[2],
            *(str(row["first"]), str(row["second"]), unknown, float(row["worth"]), "", row["state"]),  # type: ignore[arg-type] # one of them
        )
        for row in rows
    }


def test_each_answer_is_that_of_the_store(settings: Settings, store: Store) -> None:
    looked_up, made = prepared(settings, store), list[str]()
    texts = asked(store, made)
    assert len(texts) > 25
    assert len(made) >= 9
    for text, rows in texts.items():
        wanted = store.select(text)
        # Of the nodes of a gap no more than their names is looked up.
        assert [{name: row[name] for name in one} for row, one in zip(wanted, rows, strict=True)] == rows, text
        assert looked_up.select(text) == rows, text


class Nothing:
    """A store that answers no SELECT: what is asked of it was not prepared."""

    def select(self, query: str, _: object = None) -> list[Row]:
        raise AssertionError(query)


def test_what_pages_ask_of_a_whole_base_is_prepared(settings: Settings, store: Store, schema: Schema) -> None:
    release = Releases(settings.releases).current()
    assert release is not None
    strict = Prepared(Nothing(), release)  # type: ignore[arg-type] # a part of it
    for gap in GAPS:
        assert strict.select(gap.counting)
        strict.select(f"{gap.query}LIMIT 5\nOFFSET 0\n")
    for name in ("count_debates", "count_dated_works", "count_open_questions", "count_entities"):
        assert count(strict, schema, name) > 0
    for name in ("debated_claims", "dated_works", "open_questions", "entities", "names", "most_connected"):
        assert strict.select(f"{question(name, schema.roles)}LIMIT 2\nOFFSET 1\n")
    assert near_names(strict, "concept:alignment-fakin") == near_names(store, "concept:alignment-fakin") != ()


def test_pages_say_the_same_with_prepared_answers_and_without(settings: Settings, store: Store, schema: Schema) -> None:
    looked_up = prepared(settings, store)
    for part in ((None, 0), (2, 0), (2, 1), (5, 100)):
        assert debates(looked_up, schema, NAMESPACES, *part) == debates(store, schema, NAMESPACES, *part)
        assert open_questions(looked_up, NAMESPACES, *part) == open_questions(store, NAMESPACES, *part)
        assert timeline(looked_up, schema, *part) == timeline(store, schema, *part)
    assert debates(store, schema, NAMESPACES, 1, 1) == debates(store, schema, NAMESPACES)[1:2] != ()
    assert open_questions(store, NAMESPACES, 2, 1) == open_questions(store, NAMESPACES)[1:3] != ()
    for gap in GAPS:
        assert gap_page(looked_up, NAMESPACES, gap, 3, 1) == gap_page(store, NAMESPACES, gap, 3, 1)
    whole = QueueSelection()
    assert queue(looked_up, schema, whole, 3, 1) == queue(store, schema, whole, 3, 1)
    assert dataset_summary(looked_up, schema) == dataset_summary(store, schema)
