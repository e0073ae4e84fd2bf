"""Questions in words become queries, which are shown and never run by themselves."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from server.settings import Settings
from server.web.app import create_app
from tests.federation.endpoints import Endpoint, send, serving

FAKING = "concept:alignment-faking"
LLMS = "paper:alignment-faking-in-llms"
QUESTIONS = [
    ("papers", "SELECT ?x { ?x a akb:Paper }"),
    ("How many claims are there?", "SELECT (COUNT(*) AS ?x) { ?c a akb:Claim }"),
    ("which papers study alignment faking?", f"SELECT ?x {{ ?x a akb:Paper ; akb:studies {FAKING} }}"),
    ("What studies Alignment Faking?", f"SELECT ?x {{ ?x akb:studies {FAKING} }}"),
    ("what does alignment faking extend?", f"SELECT ?x {{ {FAKING} akb:extends ?x }}"),
    ("concepts that alignment faking extends", f"SELECT ?x {{ {FAKING} akb:extends ?x . ?x a akb:Concept }}"),
    ('who wrote "Alignment faking in large language models"?', f"SELECT ?x {{ {LLMS} akb:authoredBy ?x }}"),
    ("papers by Evan Hubinger", "SELECT ?x { ?x a akb:Paper ; akb:authoredBy thinker:evan-hubinger }"),
    ("papers written by Evan Hubinger since 2024", f"SELECT ?x {{ VALUES ?x {{ {LLMS} }} }}"),
    ("papers cited by papers", "SELECT DISTINCT ?x { ?y akb:cites ?x }"),
    ("claims without a quote", "SELECT ?x { ?x a akb:Claim FILTER NOT EXISTS { ?x akb:related ?q . ?q a akb:Quote } }"),
    ("thinkers without orcid", "SELECT ?x { ?x a akb:Thinker FILTER NOT EXISTS { ?x akb:orcid ?i } }"),
    ("arxiv id of alignment faking in large language models", f"SELECT ?x {{ {LLMS} akb:arxivId ?x }}"),
    ("open questions", "SELECT ?x { ?x a akb:Question ; akb:questionStatus akbv:open }"),
    ("claims that are findings", "SELECT ?x { ?x a akb:Claim ; akb:claimKind akbv:finding }"),
    ("when was alignment faking in large language models published", f"SELECT ?x {{ {LLMS} dcterms:issued ?x }}"),
    ("most studied concepts",
     "SELECT ?x (COUNT(DISTINCT ?y) AS ?n) { ?x a akb:Concept . ?y akb:studies ?x } GROUP BY ?x"),
    ("number of claims per concept",
     "SELECT ?x (COUNT(*) AS ?n) { ?c a akb:Claim ; akb:related ?x . ?x a akb:Concept } GROUP BY ?x"),
    ("papers that study concepts that extend goal misgeneralization",
     "SELECT DISTINCT ?x { ?x a akb:Paper ; akb:studies ?c . ?c akb:extends concept:goal-misgeneralization }"),
]  # fmt: skip


def rows(client: FlaskClient, query: str) -> list[dict[str, str]]:
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert response.status_code == 200, (query, response.text)
    assert response.json is not None
    return [{name: cell["value"] for name, cell in row.items()} for row in response.json["results"]["bindings"]]


def written(client: FlaskClient, words: str, **more: str) -> dict[str, Any]:
    response = client.get("/sparql", query_string={"words": words, **more})
    assert response.status_code == 200, response.text
    assert response.json is not None
    return dict(response.json)


@pytest.mark.parametrize(("words", "meant"), QUESTIONS)
def test_the_query_for_a_question_finds_what_is_meant(words: str, meant: str, client: FlaskClient) -> None:
    query = str(written(client, words)["query"])
    assert query.startswith(f"# {words}")
    wanted = {row["x"] for row in rows(client, meant)}
    found = rows(client, query)
    first = re.findall(r"\?\w+", query.partition("SELECT")[2])[0][1:]
    if "(COUNT" in query.partition("WHERE")[0] and "GROUP" not in query:
        first = "count"
    assert wanted
    assert {row[first] for row in found} == wanted or ("LIMIT 10" in query and {row[first] for row in found} <= wanted)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("papers about sandbagging of models", 'SERVICE akb:search { ?paper akb:matches "sandbagging'),
        ("concepts similar to alignment faking", f"SERVICE akb:near {{ ?concept akb:nearTo {FAKING}"),
        ("how is alignment faking related to situational awareness", f"UNION {{ {FAKING} ?predicate ?between"),
        ("alignment faking", f"{FAKING} ?property ?value"),
        ("latest papers", "ORDER BY DESC(?date) LIMIT 10"),
    ],
)
def test_what_is_no_term_is_searched_for(words: str, part: str, client: FlaskClient) -> None:
    query = str(written(client, words)["query"])
    assert part in query
    rows(client, query)


WORDS = st.sampled_from(
    [
        *(
            "papers",
            "claim",
            "about",
            "study",
            "cites",
            '"alignment',
            'faking"',
            "most",
            "how",
            "many",
            "without",
            "no",
        ),
        *("per", "by", "since", "2024", "in", "and", "of", "similar", "to", "related", "between", "open", "finding"),
        *("Alignment-Faking", "situational", "awareness", "xyzzy", "latest", "arxiv", "id", "}", "{", "'", "\\", "#"),
        *("?x", "supports", "does", "who", "written", "authored", "definition", "\n", "\u2028", "papers;"),
    ]
)


@example_settings(max_examples=25)
@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join))
def test_any_words_make_a_query_that_is_one_or_none(client: FlaskClient, words: str) -> None:
    query = str(written(client, words)["query"])
    if query:
        # It is read in full, and over no data finds nothing.
        response = client.get("/sparql", query_string={"query": query, "default-graph-uri": "urn:nothing"})
        assert response.status_code in {200, 503}, (query, response.text)


def test_the_page_shows_the_query_and_does_not_run_it(client: FlaskClient) -> None:
    page = client.get("/sparql", query_string={"words": "open questions"}, headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "akb:questionStatus akbv:open" in page.text
    assert "has not been run" in page.text
    assert 'id="result"' not in page.text
    nothing = client.get("/sparql", query_string={"words": "the"}, headers={"Accept": "text/html"})
    assert "No query for these words" in nothing.text
    long = client.get("/sparql", query_string={"words": "a " * 300})
    assert (long.status_code, long.mimetype) == (413, "application/problem+json")


# ---- the model ---------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Stub:
    """A service that completes chats as it is told to, and remembers what it was asked."""

    says: object = ""
    status: int = 200
    asked: list[Any] = dataclasses.field(default_factory=list)


_STUB = Stub()


@pytest.fixture
def stub() -> Stub:
    _STUB.says, _STUB.status = "", 200
    _STUB.asked.clear()
    return _STUB


@pytest.fixture(scope="module")
def with_model(settings: Settings) -> Iterator[FlaskClient]:
    def answer(handler: BaseHTTPRequestHandler, sent: str) -> None:
        _STUB.asked.append(json.loads(sent))
        said = {"choices": [{"message": {"role": "assistant", "content": _STUB.says}}]}
        send(handler, json.dumps(said).encode(), _STUB.status, "application/json")

    with serving(Endpoint(answer)) as service:
        own = dataclasses.replace(settings, model_url=service.address, model="stub-1", model_key="secret")
        app = create_app(own)
        yield app.test_client()
        app.extensions["akb"].close()


def test_a_model_is_asked_only_where_its_reader_says_so_and_its_query_is_only_shown(
    with_model: FlaskClient, stub: Stub
) -> None:
    stub.says = "Here it is:\n```sparql\nSELECT ?c WHERE { ?c a akb:Claim }\n```\nRun it now."
    assert written(with_model, "claims")["by"] == "templates"
    assert stub.asked == []
    found = written(with_model, "claims", by="model")
    assert (found["query"], found["by"]) == ("SELECT ?c WHERE { ?c a akb:Claim }", "stub-1")
    [asked] = stub.asked
    messages = asked["messages"]
    assert (asked["model"], messages[1]["content"]) == ("stub-1", "claims")
    assert "akb:Claim" in messages[0]["content"]
    assert "akb:studies" in messages[0]["content"]
    page = with_model.get("/sparql?words=claims&by=model", headers={"Accept": "text/html"})
    assert "stub-1 wrote it" in page.text
    assert "?c a akb:Claim" in page.text
    assert 'id="result"' not in page.text
    assert "secret" not in page.text


@pytest.mark.parametrize(
    ("says", "status", "note"),
    [
        ("I cannot do that.", 200, "wrote no query"),
        ("SELECT " + "?x " * 9000, 200, "wrote no query"),
        (None, 200, "wrote no query"),
        ("SELECT", 500, "The model stub-1"),
    ],
)
def test_templates_take_over_where_a_model_fails(
    says: object, status: int, note: str, with_model: FlaskClient, stub: Stub
) -> None:
    stub.says, stub.status = says, status
    found = written(with_model, "open questions", by="model")
    assert found["by"] == "templates"
    assert "akbv:open" in str(found["query"])
    assert note in found["notes"][0]


@pytest.mark.parametrize(
    "says",
    [
        "SELECT * { ?s ?p }",
        "DELETE { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }",
        "SELECT * { SERVICE akb:near { } ?s }",
    ],
)
def test_what_is_no_query_is_shown_with_what_is_wrong(says: str, with_model: FlaskClient, stub: Stub) -> None:
    stub.says = says
    found = written(with_model, "claims", by="model")
    assert found["query"] == says
    assert "It is no valid query" in found["notes"][1]
