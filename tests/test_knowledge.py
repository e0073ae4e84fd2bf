"""The knowledge itself: that kb/ is clean, hangs together, and answers what a researcher would ask of it.

Every other test works on the small base in `tests/base/`, which stays as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from rdflib import DCTERMS, RDF, SKOS

from docs import agents
from server.cli.main import main
from server.knowledge.kept import kept_named
from server.knowledge.statistics import base_statistics
from server.records.dataset import BaseStatistics
from server.records.views import VIEWS
from server.schema.reading import schema_of
from server.settings import Settings
from server.sparql.parameters import bound
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.edges import CODES, VOCAB
from server.turtle.reader import read_base
from server.validation.kept_files import read_kept
from server.web.app import create_app
from tests.made import NAMESPACES
from tests.thorough import NIGHTLY, part

FOLDER = Path(__file__).parent / "questions"
QUESTIONS = sorted(FOLDER.glob("*.rq"))
TOPICS = sorted(FOLDER.glob("topics/*.rq"))
"""Questions on single topics of the field, which most bases have nothing on."""


@pytest.fixture(scope="module")
def knowledge(repository: Path) -> Base:
    """The base of this repository."""
    return read_base(repository, NAMESPACES)


@pytest.fixture(scope="module")
def pages(published: Settings) -> Iterator[FlaskClient]:
    """A client of this repository's base."""
    app = create_app(published)
    yield app.test_client()
    app.extensions["akb"].close()


@pytest.fixture(scope="module")
def answering(pages: FlaskClient) -> Store:
    """The release of this repository's base."""
    store: Store = pages.application.extensions["akb"].release().store
    return store


@pytest.fixture(scope="module")
def statistics(knowledge: Base) -> BaseStatistics:
    """What this repository's base holds."""
    return base_statistics(knowledge, schema_of(knowledge))


def test_the_base_is_clean(repository: Path, knowledge: Base) -> None:
    """What its baseline knows are sources without an address; it holds no more than is still found.

    That its files are in canonical form is for `akb fmt --check` alone, in `make lint`, from which this check goes on.
    """
    result = CliRunner().invoke(main, ["check", "--root", str(repository), "--format", "json"])
    report = json.loads(result.stdout)
    assert [one for one in report["findings"] if one["standing"] == "new"] == []
    assert result.exit_code == 0
    assert report["mended"] == []
    assert {one["rule"] for one in report["findings"]} == {"source-without-address"}
    assert report["counts"]["known"] <= 325
    checked = report["checked"]
    assert checked["files"] == len(knowledge.files)
    assert checked["files"] - len(list((repository / "kb" / "review").iterdir())) == checked["entities"] >= 2000
    assert checked["edges"] >= 8000


def test_the_base_hangs_together(statistics: BaseStatistics) -> None:
    assert statistics.orphans == ()
    assert statistics.largest_component == statistics.entities


def test_what_is_in_use_was_checked(knowledge: Base) -> None:
    graph = knowledge.asserted
    in_use = {node for code in (CODES.active, CODES.contested) for node in graph.subjects(VOCAB.status, code)}
    looked_at = {*graph.subjects(DCTERMS.source), *graph.subjects(VOCAB.consultedAt)}
    assert in_use - looked_at == set()


def test_what_nobody_is_seen_to_assert_is_held_with_caution(knowledge: Base) -> None:
    graph = knowledge.asserted
    between = (VOCAB.supports, VOCAB.opposes, VOCAB.qualifies, VOCAB.distinguishedFrom)
    own = [
        edge
        for predicate in between
        for edge in graph.subjects(VOCAB.predicate, predicate)
        if (edge, VOCAB.assertedIn, None) not in graph
    ]
    assert own
    assert {graph.value(edge, VOCAB.basis) for edge in own} == {CODES["our-reading"]}
    assert [edge for edge in own if float(str(graph.value(edge, VOCAB.confidence))) > 0.7] == []


def test_no_two_definitions_or_labels_are_alike(knowledge: Base) -> None:
    for property_ in (SKOS.definition, SKOS.prefLabel):
        graph = knowledge.asserted
        counts = Counter(
            (str(graph.value(node, RDF.type)) if property_ == SKOS.prefLabel else "", str(text).casefold())
            for node, text in graph.subject_objects(property_)
        )
        assert [text for text, count in counts.items() if count > 1] == []


def test_entities_have_pages(pages: FlaskClient, knowledge: Base) -> None:
    names = {str(name) for name in knowledge.asserted.objects(predicate=DCTERMS.identifier)}
    assert len(names) > 500
    for name in part(sorted(names), 30):
        response = pages.get(f"/{name.replace(':', '/')}.html")
        assert response.status_code in {200, 301}, name


@pytest.mark.parametrize(("folder", "queries", "least"), [(FOLDER, QUESTIONS, 20), (FOLDER / "topics", TOPICS, 40)])
def test_there_are_enough_questions_each_with_an_answer(folder: Path, queries: list[Path], least: int) -> None:
    assert len(queries) >= least
    assert {path.stem for path in folder.glob("*.csv")} == {path.stem for path in queries}


@pytest.mark.parametrize("path", [*QUESTIONS, *TOPICS], ids=lambda path: path.stem)
def test_the_base_answers_the_question_as_expected(path: Path, answering: Store) -> None:
    query = path.read_text(encoding="utf-8")
    assert query.startswith("# ")
    assert query.splitlines()[0].endswith("?"), "the first line is the question itself"
    expected = path.with_suffix(".csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(expected)))
    assert len(rows) > 1, "an expected answer has rows"
    assert list(csv.reader(io.StringIO(answering.answer(query).serialize("csv").decode()))) == rows


KEPT = sorted(FOLDER.glob("kept/*.csv"))


def test_fifteen_kept_queries_and_more_have_answers_that_were_reviewed(knowledge: Base) -> None:
    kept, unreadable = read_kept(knowledge)
    assert unreadable == []
    assert len(kept) >= 15
    assert [path.stem for path in KEPT] == [one.name for one in kept]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_kept_query_answers_as_reviewed_and_in_the_view_that_it_names(
    path: Path, answering: Store, knowledge: Base, pages: FlaskClient
) -> None:
    kept = kept_named(read_kept(knowledge)[0], path.stem)
    found = answering.answer(bound(kept, {}, knowledge.namespaces)).serialize("csv").decode()
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert list(csv.reader(io.StringIO(found))) == rows
    assert len(rows) - 1 >= kept.rows
    page = pages.get(f"/query/{kept.name}.html").text
    view = kept.view.partition(" ")[0] or "table"
    assert f'aria-current="true" rel="nofollow">{VIEWS[view]}</a>' in page


GREW_FROM = {
    "thinker": ["evan-hubinger", "greenblatt-et-al", "joseph-carlsmith"],
    "framework": ["constitutional-ai"],
    "method": ["reinforcement-learning-from-human-feedback"],
    "concept": [
        "anti-ai-lab-behavior",
        "compliance-gap",
        "compromising-behavior",
        "evaluation-awareness",
        "goal-misgeneralization",
        "opaque-reasoning-ability",
        "persona-sampling-hypothesis",
        "preference-conflict",
        "preference-locking",
        "situational-awareness",
        "strategic-deception",
        "sycophancy-in-llms",
        "training-deployment-behavior-gap",
    ],
    "artifact": ["alignment-faking-code", "alignment-faking-transcripts"],
    "quote": ["prediction-does-not-rule-out-faking", "scratchpad-reason-for-complying"],
}
"""The neighbours on the page from which the base grew; docs/pages.md compares the two pages point by point."""


def test_the_page_it_grew_from_is_on_its_page(pages: FlaskClient) -> None:
    page = pages.get("/concept/alignment-faking.json").json
    found = {group["class"]: group["neighbours"] for group in page["neighbourhood"]}
    for name, slugs in GREW_FROM.items():
        assert {f"{name}:{slug}" for slug in slugs} <= {one["id"] for one in found[name]}
    assert len(found["paper"]) >= 2
    for neighbours in found.values():
        counts = [one["edges"] for one in neighbours]
        assert counts == sorted(counts, reverse=True)
        assert all(edge["note"] for one in neighbours for edge in one["links"])


BY_MEANING = {"Which ideas are near to scheming?"}
"""Questions whose answers rest on vectors, which the release has in a nightly run only."""


def test_agents_are_answered_in_few_calls_and_bytes(pages: FlaskClient) -> None:
    """Both ways of docs/agents.md: by tools, and by plain HTTP with llms.txt alone."""
    rows = [row for row in agents.asked(pages) if NIGHTLY or row[0] not in BY_MEANING]
    assert len(rows) == (40 if NIGHTLY else 39)
    assert [(text, one.missing, other.missing) for text, one, other in rows if one.missing or other.missing] == []
    for way in zip(*((one, other) for _, one, other in rows), strict=True):
        assert max(one.calls for one in way) <= agents.MOST_CALLS
        assert median(one.bytes for one in way) <= agents.MOST_BYTES


def test_the_page_on_agents_has_every_question() -> None:
    page = agents.PAGE.read_text(encoding="utf-8")
    assert [text for question in agents.questions() if f"| {(text := question['text'])} |" not in page] == []
