"""Reconciliation Service API 0.2, by the sections of the report of 10 April 2023."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from tests.made import CLASSES
from tests.web.reconciliation import schemas

PAPER = "paper:alignment-faking-in-llms"
CONCEPT = "concept:alignment-faking"


def held(schema: schemas.Schema, value: Any) -> Any:
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(value)
    return value


def asked(client: FlaskClient, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Send a batch by POST, and return the candidates by key."""
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found = held(schemas.RESULTS, answer.json)
    assert list(found) == list(queries)
    return {key: one["result"] for key, one in found.items()}


@pytest.fixture
def manifest(client: FlaskClient) -> dict[str, Any]:
    return client.get("/reconcile").json


def test_the_manifest_is_as_the_specification_says(manifest: dict[str, Any]) -> None:
    """Service Manifest."""
    held(schemas.MANIFEST, manifest)
    assert manifest["identifierSpace"] == "https://w3id.org/alignment-kb/"
    assert manifest["schemaSpace"] == "https://w3id.org/alignment-kb/ontology#Entity"
    assert len(manifest["defaultTypes"]) == len(CLASSES)
    [concept] = [one for one in manifest["defaultTypes"] if one["id"] == "akb:Concept"]
    [idea] = concept["broader"]
    assert (idea["id"], idea["broader"][0]["id"]) == ("akb:Idea", "akb:Entity")


def test_a_view_leads_to_the_entity(client: FlaskClient, manifest: dict[str, Any]) -> None:
    """Entities: the identifier is put into the template as a URI component."""
    address = manifest["view"]["url"].replace("{{id}}", quote(CONCEPT, safe=""))
    answer = client.get(urlsplit(address).path, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "<h1" in answer.text
    assert answer.request.path == "/concept/alignment-faking.html"


def test_get_and_post_answer_alike(client: FlaskClient) -> None:
    """Sending Reconciliation Queries to a Service."""
    batch = json.dumps({"q0": {"query": "Alignment faking"}, "q1": {"query": "Hubinger", "limit": 1}})
    by_get = client.get("/reconcile", query_string={"queries": batch})
    by_post = client.post("/reconcile", data={"queries": batch})
    assert by_get.content_type == by_post.content_type == "application/json"
    assert held(schemas.RESULTS, by_get.json) == by_post.json
    assert [one["id"] for one in by_post.json["q1"]["result"]] == ["thinker:evan-hubinger"]


def test_every_address_has_cors_and_takes_a_preflight(client: FlaskClient) -> None:
    """Cross-Origin Access."""
    for address in ("/reconcile", "/reconcile/suggest/type?prefix=c", f"/reconcile/preview?id={CONCEPT}"):
        assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"
    answer = client.options("/reconcile", headers={"Origin": "https://example.org"})
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_jsonp_hands_the_answer_to_a_function(client: FlaskClient) -> None:
    """Cross-Origin Access: services MAY support JSONP."""
    answer = client.get("/reconcile?callback=jQuery12_3.done")
    assert answer.content_type == "application/javascript; charset=utf-8"
    called = re.fullmatch(r"/\*\*/jQuery12_3\.done\((.*)\);\n", answer.text, re.DOTALL)
    held(schemas.MANIFEST, json.loads(called[1]))
    for name in ("alert(1)", "a b", "<script>", "1x", "a" * 70, "a..b", "été"):
        assert client.get("/reconcile", query_string={"callback": name}).status_code == 400, name


def test_the_name_of_an_entity_finds_it_surely(client: FlaskClient) -> None:
    """A Note on Candidate Retrieval and Scoring: by its name, another name, or its identifier."""
    found = asked(
        client,
        label={"query": "Alignment faking"},
        capitals={"query": "ALIGNMENT   FAKING"},
        curie={"query": CONCEPT},
        iri={"query": f"https://w3id.org/alignment-kb/{CONCEPT.replace(':', '/')}"},
    )
    for key, candidates in found.items():
        assert (candidates[0]["id"], candidates[0]["match"], candidates[0]["score"]) == (CONCEPT, True, 100), key
        assert [one["match"] for one in candidates[1:]] == [False] * (len(candidates) - 1)
        assert candidates[0]["type"] == [{"id": "akb:Concept", "name": "concept"}]
    doi = asked(client, doi={"query": "https://doi.org/10.48550/arXiv.2412.14093"})["doi"]
    assert (doi[0]["id"], doi[0]["match"]) == (PAPER, True)


def test_every_entity_in_use_is_found_by_its_name(client: FlaskClient) -> None:
    listed = [one for name in CLASSES for one in client.get(f"/{name}.json").json["entities"]]
    assert len(listed) == 61
    for start in range(0, len(listed), 50):
        part = {one["id"]: {"query": one["label"], "limit": 3} for one in listed[start : start + 50]}
        for key, candidates in asked(client, **part).items():
            assert candidates[0]["id"] == key
            assert candidates[0]["match"]


def test_a_misspelt_name_is_found_and_not_taken_for_sure(client: FlaskClient) -> None:
    [best, *_] = asked(client, q={"query": "Alignmnet fakin"})["q"]
    assert (best["id"], best["match"]) == (CONCEPT, False)
    assert 80 < best["score"] < 100


def test_a_title_that_is_cited_short_is_found(client: FlaskClient) -> None:
    [best, *_] = asked(client, q={"query": "Risks from Learned Optimization", "type": "akb:Paper"})["q"]
    assert (best["id"], best["match"]) == ("paper:risks-from-learned-optimization", False)
    assert best["score"] >= 70


def test_what_only_has_the_words_in_its_text_is_no_candidate(client: FlaskClient) -> None:
    found = asked(client, q={"query": "inner alignment and deceptive alignment", "limit": 100})["q"]
    assert "paper:risks-from-learned-optimization" not in [one["id"] for one in found]
    assert all(one["score"] >= 40 for one in found)


def test_candidates_are_sorted_and_no_more_than_the_limit(client: FlaskClient) -> None:
    """Reconciliation Query Responses."""
    whole = asked(client, q={"query": "alignment", "limit": 100})["q"]
    assert len(whole) > 3
    scores = [one["score"] for one in whole]
    assert scores == sorted(scores, reverse=True)
    assert asked(client, q={"query": "alignment", "limit": 2})["q"] == whole[:2]


@pytest.mark.parametrize("type_", ["akb:Paper", "https://w3id.org/alignment-kb/ontology#Paper", "paper", ["akb:Paper"]])
def test_a_type_restricts(type_: object, client: FlaskClient) -> None:
    """Structure of a Reconciliation Query: type."""
    found = asked(client, q={"query": "alignment faking", "type": type_})["q"]
    assert found
    assert all(one["type"][0]["id"] == "akb:Paper" for one in found)
    assert all({"id": "type", "value": True} in one["features"] for one in found)


def test_types_above_and_below_the_page_classes_restrict_too(client: FlaskClient) -> None:
    found = asked(
        client,
        group={"query": "hughes", "type": "akb:Group"},
        person={"query": "hughes", "type": "akb:Person"},
        source={"query": "alignment faking", "type": "akb:Source"},
        any={"query": "alignment faking", "type": ["akb:Paper", "akb:Concept"]},
        all={"query": "alignment faking", "type": ["akb:Paper", "akb:Concept"], "type_strict": "all"},
    )
    best = found["group"][0]
    assert best["id"] == "thinker:hughes-et-al"
    assert [one["id"] for one in best["type"]] == ["akb:Group", "akb:Thinker"]
    assert all(one["type"][0]["id"] == "akb:Group" for one in found["group"])
    assert "thinker:hughes-et-al" not in [one["id"] for one in found["person"]]
    assert {one["id"].partition(":")[0] for one in found["source"]} <= {"paper", "thinker"}
    assert {one["id"].partition(":")[0] for one in found["any"]} == {"paper", "concept"}
    assert found["all"] == []


def test_properties_are_evidence(client: FlaskClient) -> None:
    """Structure of a Reconciliation Query: properties, by the labels or ids of neighbours, and by identifiers."""
    by = {"pid": "akb:authoredBy", "v": "Greenblatt et al."}
    found = asked(
        client,
        plain={"query": "alignment faking", "type": "akb:Paper"},
        by_name={"query": "alignment faking", "type": "akb:Paper", "properties": [by]},
        by_id={"query": "x y z", "properties": [{"pid": "akb:arxivId", "v": "arXiv:2412.14093v2"}]},
        by_entity={"properties": [{"pid": "akb:authoredBy", "v": {"id": "thinker:greenblatt-et-al", "name": "?"}}]},
        several={"properties": [{"pid": "akb:authoredBy", "v": ["nobody at all", "Greenblatt et al."]}]},
    )
    assert found["by_name"][0]["id"] == PAPER
    assert found["by_name"][0]["score"] > found["plain"][0]["score"]
    features = {one["id"]: one["value"] for one in found["by_name"][0]["features"]}
    assert features["property:akb:authoredBy"] == 100
    assert len(features) == len(found["by_name"][0]["features"]), "an id stands once"
    assert (found["by_id"][0]["id"], found["by_id"][0]["match"]) == (PAPER, True)
    assert PAPER in [one["id"] for one in found["by_entity"]]
    assert found["several"] == found["by_entity"]


def test_evidence_against_a_name_keeps_it_from_being_sure(client: FlaskClient) -> None:
    wrong = [{"pid": "dcterms:issued", "v": "1999"}]
    right = [{"pid": "dcterms:issued", "v": "2024"}]
    label = client.get("/paper/alignment-faking-in-llms.json").json["label"]
    found = asked(client, wrong={"query": label, "properties": wrong}, right={"query": label, "properties": right})
    assert (found["wrong"][0]["id"], found["wrong"][0]["match"]) == (PAPER, False)
    assert (found["right"][0]["id"], found["right"][0]["match"]) == (PAPER, True)
    assert found["wrong"][0]["score"] < found["right"][0]["score"] == 100


def test_queries_of_a_batch_do_not_know_each_other(client: FlaskClient) -> None:
    """A Note on Candidate Retrieval and Scoring."""
    one = {"query": "alignment faking", "limit": 5}
    other = {"query": "Hubinger", "properties": [{"pid": "akb:affiliatedWith", "v": "Anthropic"}]}
    together = asked(client, a=one, b=other)
    assert together == asked(client, a=one) | asked(client, b=other)


def test_retired_entities_are_no_candidates(client: FlaskClient) -> None:
    found = asked(client, q={"query": "RLHF"}, old={"query": "method:rlhf"})
    assert all(one["id"] != "method:rlhf" for result in found.values() for one in result)
    assert found["q"][0]["id"] == "method:reinforcement-learning-from-human-feedback"


@pytest.mark.parametrize(
    ("queries", "status", "place"),
    [
        ("", 400, "queries is not JSON"),
        ("{", 400, "queries is not JSON"),
        ("[]", 400, "queries is [], and not an object"),
        ("null", 400, "queries is null, and not an object"),
        ('{"a": NaN}', 400, "NaN is no number"),
        ('{"a": {"query": "\\ud800"}}', 400, "queries is not JSON: it has half of a surrogate pair"),
        ('{"a": {"query": "x", "limit": 1e999}}', 400, "queries.a.limit is Infinity, and not a whole number"),
        ('{"a": ' + "7" * 5000 + "}", 400, "queries has a number of too many digits"),
        ('{"a": ' + "[" * 30 + "]" * 30 + "}", 400, "queries nests too deeply; 20 levels"),
        ("[" * 100_000, 400, "nests too deeply"),
        ('{"a": 1}', 400, "queries.a is 1, and not an object"),
        ('{"a": {}}', 400, "queries.a has neither"),
        ('{"a": {"query": null, "properties": []}}', 400, "queries.a has neither query nor properties"),
        ('{"a": {"query": 1}}', 400, "queries.a.query is 1, and not a string"),
        ('{"a": {"quary": "x"}}', 400, "queries.a has 'quary', which no query has"),
        ('{"a": {"quary": "x"}}', 400, "Did you mean 'query'?"),
        ('{"a b": 1}', 400, 'queries["a b"] is 1'),
        (json.dumps({"k" * 5000: 1}), 400, 'queries["' + "k" * 59 + "] is 1"),
        ('{"a": {"query": "x", "limit": 0}}', 400, "queries.a.limit is 0"),
        ('{"a": {"query": "x", "limit": -1}}', 400, "queries.a.limit is -1"),
        ('{"a": {"query": "x", "limit": 1.5}}', 400, "queries.a.limit is 1.5"),
        ('{"a": {"query": "x", "limit": "many"}}', 400, 'queries.a.limit is "many"'),
        ('{"a": {"query": "x", "limit": true}}', 400, "queries.a.limit is true"),
        ('{"a": {"query": "x", "type": "Q5"}}', 400, "queries.a.type: there is no type 'Q5'"),
        ('{"a": {"query": "x", "type": [5]}}', 400, "queries.a.type[0] is 5, and not a string"),
        ('{"a": {"query": "x", "type_strict": "very"}}', 400, "queries.a.type_strict"),
        ('{"a": {"query": "x", "type_strict": []}}', 400, "queries.a.type_strict"),
        ('{"a": {"query": "x", "properties": {}}}', 400, "queries.a.properties"),
        ('{"a": {"query": "x", "properties": [{}]}}', 400, "queries.a.properties[0].pid is missing"),
        ('{"a": {"query": "x", "properties": [{"pid": "P31", "v": "x"}]}}', 400, "there is no property 'P31'"),
        ('{"a": {"query": "x", "properties": [{"pid": "akb:about"}]}}', 400, "queries.a.properties[0].v is missing"),
        ('{"a": {"query": "x", "properties": [{"pid": "akb:about", "v": {}}]}}', 400, "properties[0].v.id is missing"),
        ('{"a": {"query": "x", "properties": [{"pid": "akb:about", "v": [[]]}]}}', 400, "properties[0].v[0] is []"),
        (
            '{"a": {"properties": [{"propertyId": "akb:about", "propertyValue": {}}]}}',
            400,
            "queries.a.properties[0].propertyValue.id is missing",
        ),
        (json.dumps({str(n): {"query": "x"} for n in range(51)}), 413, "51 queries; 50 are taken"),
        (json.dumps({"a": {"properties": [{"pid": "akb:about", "v": ["x"] * 21}]}}), 413, "v has 21 values; 20 are"),
        (json.dumps({"a": {"properties": [{"pid": "akb:about", "v": "x"}] * 21}}), 413, "has 21 properties; 20 are"),
    ],
)
def test_a_malformed_batch_is_a_problem_that_says_where(
    queries: str, status: int, place: str, client: FlaskClient
) -> None:
    """Error Handling and Rate-limiting: status codes; Service Manifest: 413 above batchSize."""
    answer = client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert place in answer.json["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_post_that_is_no_form_says_what_to_send(client: FlaskClient) -> None:
    answer = client.post("/reconcile", json={"queries": {}})
    assert (answer.status_code, "x-www-form-urlencoded" in answer.json["detail"]) == (400, True)


def test_what_is_long_is_cut_and_what_is_huge_is_refused(client: FlaskClient) -> None:
    label = "Alignment faking"
    assert asked(client, q={"query": label + " " * 3000 + "x" * 10_000})["q"][0]["id"] == CONCEPT
    assert client.post("/reconcile", data={"queries": "x" * 2_000_001}).status_code == 413


def test_an_empty_cell_has_no_candidates_and_costs_the_others_nothing(client: FlaskClient) -> None:
    found = asked(
        client,
        empty={"query": ""},
        blank={"query": " ", "properties": [{"pid": "akb:authoredBy", "v": ""}]},
        given={"query": "Alignment faking", "type": None, "limit": None, "properties": None, "type_strict": None},
    )
    assert (found["empty"], found["blank"]) == ([], [])
    assert found["given"][0]["id"] == CONCEPT


def test_the_words_of_the_draft_are_understood_too(client: FlaskClient) -> None:
    older = {"pid": "dcterms:issued", "v": 2024.0}
    newer = {"propertyId": "dcterms:issued", "propertyValue": 2024}
    found = asked(
        client,
        older={"query": "alignment faking", "properties": [older]},
        newer={"query": "alignment faking", "properties": [newer]},
        both={"query": "alignment faking", "properties": [older | {"propertyId": "P1", "propertyValue": [[]]}]},
    )
    assert found["older"] == found["newer"] == found["both"] != []
    [paper] = [one for one in found["older"] if one["id"] == PAPER]
    assert {"id": "property:dcterms:issued", "value": 100} in paper["features"], "2024.0 is the year 2024"


def test_suggestions_complete_names(client: FlaskClient) -> None:
    """Suggest Responses, General Expectations about Suggest Services."""
    found = held(schemas.ENTITIES, client.get("/reconcile/suggest/entity?prefix=alignment+fak").json)["result"]
    assert CONCEPT in [one["id"] for one in found]
    for prefix in ("Alignment faking", CONCEPT):
        [best, *_] = client.get("/reconcile/suggest/entity", query_string={"prefix": prefix}).json["result"]
        assert (best["id"], best["notable"]) == (CONCEPT, [{"id": "akb:Concept", "name": "concept"}])
    properties = held(schemas.TERMS, client.get("/reconcile/suggest/property?prefix=auth").json)["result"]
    assert {one["id"] for one in properties} == {"akb:authorList", "akb:authorOf", "akb:authoredBy"}
    types = held(schemas.TERMS, client.get("/reconcile/suggest/type?prefix=per").json)["result"]
    assert [one["id"] for one in types] == ["akb:Person"]
    for kind, id_ in (("property", "akb:authoredBy"), ("type", "akb:Person")):
        [best, *_] = client.get(f"/reconcile/suggest/{kind}", query_string={"prefix": id_}).json["result"]
        assert best["id"] == id_


def test_a_cursor_skips(client: FlaskClient) -> None:
    """Suggest Queries."""
    whole = client.get("/reconcile/suggest/property?limit=100").json["result"]
    assert len(whole) > 40
    for name in ("cursor", "offset"):
        assert client.get(f"/reconcile/suggest/property?limit=100&{name}=7").json["result"] == whole[7:]
    assert client.get("/reconcile/suggest/entity?prefix=a&cursor=9999").json["result"] == []
    assert client.get("/reconcile/suggest/entity?prefix=a&cursor=-1").status_code == 400


def test_the_addresses_of_the_manifest_answer(client: FlaskClient, manifest: dict[str, Any]) -> None:
    """Suggest Metadata, Flyout Services, Preview Metadata, Data Extension Metadata."""
    examples = {"entity": CONCEPT, "property": "akb:authoredBy", "type": "akb:Person"}
    for kind, id_ in examples.items():
        about = manifest["suggest"][kind]
        path = about["flyout_service_path"].replace("${id}", quote(id_, safe=""))
        shown = held(schemas.FLYOUT, client.get(about["flyout_service_url"] + path).json)
        assert shown["id"] == id_
        assert f"<code>{id_}</code>" in shown["html"]
        assert client.get(about["service_url"] + about["service_path"], query_string={"prefix": "a"}).json["result"]
    preview = client.get(manifest["preview"]["url"].replace("{{id}}", quote(CONCEPT, safe="")))
    assert preview.content_type == "text/html; charset=utf-8"
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"], "it stands in a frame"
    assert ">Alignment Faking</a></h1>" in preview.text
    proposing = manifest["extend"]["propose_properties"]
    address = proposing["service_url"] + proposing["service_path"]
    found = held(schemas.PROPOSAL, client.get(address, query_string={"type": "akb:Paper", "limit": 5}).json)
    assert (found["type"], found["limit"], len(found["properties"])) == ("akb:Paper", 5, 5)
    assert "akb:asserts" not in [one["id"] for one in client.get(f"{address}?type=akb:Concept").json["properties"]]


def test_values_are_given(client: FlaskClient) -> None:
    """Data Extension Query Requests, Data Extension Responses."""
    query = {
        "ids": [PAPER, CONCEPT, "concept:no-such-thing"],
        "properties": [
            {"id": "akb:arxivId"},
            {"id": "akb:authoredBy"},
            {"id": "akb:studies", "settings": {"limit": 1}},
        ],
    }
    answers = [
        client.post("/reconcile", data={"extend": json.dumps(query)}),
        client.get("/reconcile", query_string={"extend": json.dumps(query)}),
    ]
    assert answers[0].json == answers[1].json
    found = held(schemas.EXTENSION, answers[0].json)
    assert [one["id"] for one in found["meta"]] == ["akb:arxivId", "akb:authoredBy", "akb:studies"]
    assert found["meta"][1]["type"] == {"id": "akb:Thinker", "name": "thinker"}
    assert list(found["rows"]) == query["ids"]
    row = found["rows"][PAPER]
    assert row["akb:arxivId"] == [{"str": "2412.14093"}]
    assert {"id": "thinker:greenblatt-et-al", "name": "Greenblatt et al."} in row["akb:authoredBy"]
    assert len(row["akb:studies"]) == 1
    assert found["rows"][CONCEPT]["akb:arxivId"] == []
    assert found["rows"]["concept:no-such-thing"] == {one: [] for one in row}


def test_properties_and_entities_keep_the_ids_that_were_asked_for(client: FlaskClient) -> None:
    """Data Extension Responses: rows and columns are those of the query."""
    ids = [PAPER, f" {PAPER}", "https://w3id.org/alignment-kb/paper/alignment-faking-in-llms", "x" * 1000]
    names = ["akb:authoredBy", "https://w3id.org/alignment-kb/ontology#authoredBy", "authored_by"]
    settings = ({}, {"settings": {"limit": "1"}}, {"settings": {"limit": None, "content": "id"}})
    query = {"ids": ids, "properties": [{"id": name, **one} for name, one in zip(names, settings, strict=True)]}
    found = held(schemas.EXTENSION, client.post("/reconcile", data={"extend": json.dumps(query)}).json)
    assert [one["id"] for one in found["meta"]] == names
    assert list(found["rows"]) == ids
    for one in ids[:3]:
        whole, first, again = (found["rows"][one][name] for name in names)
        assert (whole[:1], whole) == (first, again)
        assert len(whole) > 1
    assert found["rows"][ids[3]] == {name: [] for name in names}


@pytest.mark.parametrize(
    ("extend", "status", "place"),
    [
        ("[]", 400, "extend is []"),
        ("{}", 400, "ids is missing"),
        ('{"ids": [1], "properties": []}', 400, "ids[0] is 1"),
        ('{"ids": [], "properties": [{}]}', 400, "properties[0].id is missing"),
        ('{"ids": [], "properties": [{"id": "P1"}]}', 400, "there is no property 'P1'"),
        ('{"ids": [], "properties": [{"id": "akb:about", "settings": {"limit": "x"}}]}', 400, "settings.limit"),
        ('{"ids": [], "properties": [{"id": "akb:about", "settings": {"limit": []}}]}', 400, "settings.limit"),
        ('{"ids": [], "properties": [{"id": "akb:about", "settings": {"limit": -1}}]}', 400, "settings.limit"),
        ('{"ids": [], "properties": [{"id": "akb:about", "settings": {"limit": 1.5}}]}', 400, "settings.limit"),
        (json.dumps({"ids": ["a"] * 201, "properties": []}), 413, "201 ids; 200 are taken"),
        (json.dumps({"ids": [], "properties": [{"id": "akb:about"}] * 21}), 413, "21 properties; 20 are taken"),
    ],
)
def test_a_malformed_extension_is_a_problem_that_says_where(
    extend: str, status: int, place: str, client: FlaskClient
) -> None:
    answer = client.post("/reconcile", data={"extend": extend})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert place in answer.json["detail"]
