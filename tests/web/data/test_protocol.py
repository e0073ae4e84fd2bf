"""SPARQL 1.1 Protocol, sections 2.1 to 2.4, clause by clause; and what each MUST asks of a service.

Each case names its clause. `test_every_clause_is_covered` prints how many cases each clause has.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from tests.made import NAMESPACES

GRAPH = NAMESPACES.graph
ASK = "ASK { concept:alignment-faking a akb:Concept }"
SELECT = "SELECT ?q { ?q a akb:Question }"
CONSTRUCT = "CONSTRUCT { ?q a akb:Question } WHERE { ?q a akb:Question }"
REIFIED = "CONSTRUCT { ?q rdf:reifies ?t } WHERE { ?q a akb:Question BIND(TRIPLE(?q, rdf:type, akb:Question) AS ?t) }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"
IN_ASSERTED = "ASK { GRAPH ?g { concept:alignment-faking a akb:Concept } }"


@dataclass(frozen=True)
class Case:
    """One request and what the clause says of its answer."""

    clause: str
    what: str
    status: int
    method: str = "GET"
    query: list[tuple[str, str]] | str = field(default_factory=list)
    body: str | bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = ""
    says: str = ""

    def __str__(self) -> str:
        return f"{self.clause} {self.what}"


def form(*fields: tuple[str, str]) -> dict[str, object]:
    return {"method": "POST", "body": urlencode(fields), "headers": {"Content-Type": FORM}}


def direct(text: str | bytes, content_type: str = QUERY) -> dict[str, object]:
    return {"method": "POST", "body": text, "headers": {"Content-Type": content_type}}


def accept(media_type: str) -> dict[str, str]:
    return {"Accept": media_type}


JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
PROBLEM = "application/problem+json"
TRUE = '"boolean":true'
FALSE = '"boolean":false'

CASES = [
    # 2.1.1: query via GET
    Case("2.1.1", "the query stands percent-encoded in the query string", 200, query=[("query", ASK)], says=TRUE),
    Case("2.1.1", "plus stands for a space", 200, query="query=" + quote(ASK).replace("%20", "+"), says=TRUE),
    Case("2.1.1", "parameters in any order", 200, query=[("default-graph-uri", GRAPH + "asserted"), ("query", ASK)], says=TRUE),
    Case("2.1.1", "unknown parameters are passed over", 200, query=[("query", ASK), ("x", "1")], says=TRUE),
    Case("2.1.1", "two queries", 400, query=[("query", ASK), ("query", ASK)], media_type=PROBLEM, says="2 queries"),
    Case("2.1.1", "an empty query", 400, query=[("query", "")], media_type=PROBLEM),
    Case("2.1.1", "no query is a question about the endpoint", 200, headers=accept("text/html"), media_type="text/html"),
    Case("2.1.1", "HEAD has the headers and no body", 200, method="HEAD", query=[("query", ASK)], media_type=JSON),
    # 2.1.2: query via POST with URL-encoded parameters
    Case("2.1.2", "the query stands in the body", 200, **form(("query", ASK)), says=TRUE),
    Case("2.1.2", "a charset of UTF-8 is allowed", 200, method="POST", body=urlencode([("query", ASK)]), headers={"Content-Type": f"{FORM}; charset=UTF-8"}, says=TRUE),
    Case("2.1.2", "the dataset stands in the body", 200, **form(("query", IN_ASSERTED), ("named-graph-uri", GRAPH + "inferred")), says=FALSE),
    Case("2.1.2", "parameters of the query string do not count", 400, **form(("other", "x")), query=[("query", ASK)], says="no query"),
    Case("2.1.2", "two queries", 400, **form(("query", ASK), ("query", ASK)), media_type=PROBLEM),
    Case("2.1.2", "no query", 400, **form(("x", "y")), media_type=PROBLEM),
    Case("2.1.2", "bytes that are not UTF-8", 400, method="POST", body=b"query=ASK%20%7B%20%3Fs%20%3Fp%20%22%FF%22%20%7D", headers={"Content-Type": FORM}, says="not UTF-8"),
    Case("2.1.2", "a format in the query string is heeded", 200, **form(("query", SELECT)), query=[("format", "csv")], media_type="text/csv"),
    Case("2.1.2", "a byte order mark is no part of the query", 200, **form(("query", f"\ufeff{ASK}")), says=TRUE),
    # 2.1.3: query via POST directly
    Case("2.1.3", "the body is the query", 200, **direct(ASK), says=TRUE),
    Case("2.1.3", "a charset of UTF-8 is allowed", 200, **direct(ASK, f"{QUERY}; charset=utf-8"), says=TRUE),
    Case("2.1.3", "the dataset stands in the query string", 200, **direct(IN_ASSERTED), query=[("named-graph-uri", GRAPH + "inferred")], says=FALSE),
    Case("2.1.3", "UTF-8 in the query", 200, **direct('ASK { BIND("né 对齐" AS ?x) FILTER(STRLEN(?x) = 5) }'.encode()), says=TRUE),
    Case("2.1.3", "a byte order mark is no part of the query", 200, **direct(b"\xef\xbb\xbf" + ASK.encode()), says=TRUE),
    Case("2.1.3", "UTF-16 without a word", 400, **direct(ASK.encode("utf-16")), media_type=PROBLEM, says="It is UTF-16"),
    Case("2.1.3", "bytes that are not UTF-8", 400, **direct(b'ASK { ?s ?p "\xff" }'), says="not UTF-8"),
    Case("2.1.3", "another charset", 415, **direct(ASK.encode("utf-16"), f"{QUERY}; charset=utf-16"), media_type=PROBLEM),
    Case("2.1.3", "an empty body", 400, **direct(""), media_type=PROBLEM),
    Case("2.1.3", "a body of no declared type", 415, method="POST", body=ASK, media_type=PROBLEM),
    Case("2.1.3", "a body of another type", 415, **direct(ASK, "text/plain"), media_type=PROBLEM),
    Case("2.1.3", "a form of many parts is no form of the protocol", 415, **direct("--x--", "multipart/form-data; boundary=x")),
    # 2.1.4: the dataset
    Case("2.1.4", "the default graph that is named", 200, query=[("query", ASK), ("default-graph-uri", GRAPH + "asserted")], says=TRUE),
    Case("2.1.4", "another default graph has other triples", 200, query=[("query", ASK), ("default-graph-uri", GRAPH + "ontology")], says=FALSE),
    Case("2.1.4", "several default graphs are merged", 200, query=[("query", ASK), ("default-graph-uri", GRAPH + "ontology"), ("default-graph-uri", GRAPH + "asserted")], says=TRUE),
    Case("2.1.4", "a named graph alone leaves the default graph empty", 200, query=[("query", ASK), ("named-graph-uri", GRAPH + "asserted")], says=FALSE),
    Case("2.1.4", "several named graphs", 200, query=[("query", IN_ASSERTED), ("named-graph-uri", GRAPH + "ontology"), ("named-graph-uri", GRAPH + "asserted")], says=TRUE),
    Case("2.1.4", "a graph that is not there is empty", 200, query=[("query", ASK), ("default-graph-uri", GRAPH + "nowhere")], says=FALSE),
    Case("2.1.4", "the protocol's dataset comes before the query's: default", 200, query=[("query", ASK.replace("ASK", f"ASK FROM <{GRAPH}ontology>")), ("default-graph-uri", GRAPH + "asserted")], says=TRUE),
    Case("2.1.4", "the protocol's dataset comes before the query's: named", 200, query=[("query", IN_ASSERTED.replace("ASK", f"ASK FROM NAMED <{GRAPH}asserted>")), ("named-graph-uri", GRAPH + "ontology")], says=FALSE),
    Case("2.1.4", "FROM alone chooses the default graph", 200, query=[("query", ASK.replace("ASK", f"ASK FROM <{GRAPH}ontology>"))], says=FALSE),
    Case("2.1.4", "FROM NAMED alone leaves the default graph empty", 200, query=[("query", ASK.replace("ASK", f"ASK FROM NAMED <{GRAPH}asserted>"))], says=FALSE),
    Case("2.1.4", "a graph name that is no IRI", 400, query=[("query", ASK), ("default-graph-uri", "not an iri")], media_type=PROBLEM),
    # 2.1.5 and 2.1.6: accepted formats, success
    Case("2.1.5", "a client without a wish gets JSON", 200, query=[("query", SELECT)], media_type=JSON),
    Case("2.1.5", "SELECT in JSON", 200, query=[("query", SELECT)], headers=accept(JSON), media_type=JSON),
    Case("2.1.5", "SELECT in XML", 200, query=[("query", SELECT)], headers=accept(XML), media_type=XML),
    Case("2.1.5", "SELECT in CSV", 200, query=[("query", SELECT)], headers=accept("text/csv"), media_type="text/csv"),
    Case("2.1.5", "SELECT in TSV", 200, query=[("query", SELECT)], headers=accept("text/tab-separated-values"), media_type="text/tab-separated-values"),
    Case("2.1.5", "ASK in JSON", 200, query=[("query", ASK)], headers=accept(JSON), media_type=JSON),
    Case("2.1.5", "ASK in XML", 200, query=[("query", ASK)], headers=accept(XML), media_type=XML),
    Case("2.1.5", "CONSTRUCT without a wish is Turtle", 200, query=[("query", CONSTRUCT)], media_type="text/turtle"),
    *[
        Case("2.1.5", f"CONSTRUCT in {media_type}", 200, query=[("query", CONSTRUCT)], headers=accept(media_type), media_type=media_type)
        for media_type in ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/trig", "application/n-quads")
    ],
    Case("2.1.5", "DESCRIBE in RDF", 200, query=[("query", "DESCRIBE concept:alignment-faking")], headers=accept("application/n-triples"), media_type="application/n-triples"),
    Case("2.1.5", "quality values count", 200, query=[("query", SELECT)], headers=accept(f"{JSON};q=0.2, {XML};q=0.9"), media_type=XML),
    Case("2.1.5", "a quality of zero excludes", 200, query=[("query", SELECT)], headers=accept(f"{JSON};q=0, */*;q=0.1"), media_type=XML),
    Case("2.1.5", "the formats of all kinds may be sent at once", 200, query=[("query", CONSTRUCT)], headers=accept(f"{JSON}, text/turtle;q=0.5"), media_type="text/turtle"),
    Case("2.1.5", "a format for another kind of answer", 406, query=[("query", SELECT)], headers=accept("text/turtle"), media_type=PROBLEM, says="text/csv"),
    Case("2.1.5", "ASK has no CSV", 406, query=[("query", ASK)], headers=accept("text/csv"), media_type=PROBLEM, says=JSON),
    Case("2.1.5", "a format that we lack", 406, query=[("query", SELECT)], headers=accept("application/pdf"), media_type=PROBLEM),
    *[
        Case("2.1.5", f"{field}={value}", 200, query=[("query", text), (field, value)], headers=accept("text/html"), media_type=media_type)
        for text, field, value, media_type in (
            # Ours, and names that people type.
            (SELECT, "format", "JSON", JSON), (SELECT, "format", "srx", XML), (SELECT, "format", "sparql-results+json", JSON),
            (CONSTRUCT, "format", "turtle", "text/turtle"), (CONSTRUCT, "format", "n3", "text/turtle"),
            (CONSTRUCT, "format", "N-Triples", "application/n-triples"), (CONSTRUCT, "format", "RDF/XML", "application/rdf+xml"),
            (CONSTRUCT, "format", "json", "application/ld+json"), (CONSTRUCT, "format", "json-ld", "application/ld+json"),
            (CONSTRUCT, "format", "xml", "application/rdf+xml"), (CONSTRUCT, "format", "TriG", "application/trig"),
            # Virtuoso, Blazegraph and Wikidata: media types, with a plus that the client left as it is, or auto.
            (SELECT, "format", JSON, JSON), (SELECT, "format", JSON.replace("+", " "), JSON), (SELECT, "format", "auto", "text/html"),
            (CONSTRUCT, "format", "text/rdf+n3", "text/turtle"), (CONSTRUCT, "format", "text/plain", "application/n-triples"),
            (CONSTRUCT, "format", "text/turtle;charset=utf-8", "text/turtle"), (CONSTRUCT, "format", "text/x-nquads", "application/n-quads"),
            # Jena, and RDF4J with GraphDB.
            (SELECT, "output", "xml", XML), (SELECT, "output", "tsv", "text/tab-separated-values"), (ASK, "results", "json", JSON),
            (SELECT, "Accept", XML, XML), (CONSTRUCT, "accept", "application/x-turtle", "text/turtle"),
        )
    ],
    Case("2.1.5", "format goes before what others call it", 200, query=[("query", SELECT), ("output", "xml"), ("format", "csv")], media_type="text/csv"),
    Case("2.1.5", "another name for a format that we lack", 406, query=[("query", SELECT), ("output", "thrift")], media_type=PROBLEM, says="json"),
    *[
        Case("2.1.5", f"Accept: {wanted}", 200, query=[("query", CONSTRUCT)], headers=accept(wanted), media_type=media_type)
        for wanted, media_type in (
            ("text/turtle;version=1.2", "text/turtle"), ('application/n-triples; version="1.2-basic"', "application/n-triples"),
            ("text/n3", "text/turtle"), ("application/x-trig", "application/trig"),
            ("application/ld+json;version=1.2;q=0.4, text/turtle;version=1.2;q=0.9", "text/turtle"),
        )
    ],
    Case("2.1.5", "triple terms in Turtle", 200, query=[("query", REIFIED)], headers=accept("text/turtle;version=1.2"), media_type="text/turtle", says="<<("),
    Case("2.1.5", "triple terms, for which JSON-LD has no form", 406, query=[("query", REIFIED)], headers=accept("application/ld+json"), media_type=PROBLEM, says="text/turtle"),
    Case("2.1.5", "the same by parameter", 406, query=[("query", REIFIED), ("format", "jsonld")], headers=accept("text/turtle"), media_type=PROBLEM, says="which JSON-LD 1.1 has no way to write"),
    Case("2.1.5", "triple terms in the second choice", 200, query=[("query", REIFIED)], headers=accept("application/ld+json, application/n-triples;q=0.1"), media_type="application/n-triples"),
    Case("2.1.6", "the body is the answer", 200, query=[("query", SELECT)], says='"bindings"'),
    # 2.1.7: failure
    Case("2.1.7", "a malformed query is the client's error", 400, query=[("query", "SELECT ?x WHERE {")], media_type=PROBLEM, says="Line 1"),
    Case("2.1.7", "an unknown prefix", 400, query=[("query", "ASK { ?s wdt:P31 ?o }")], media_type=PROBLEM, says="PREFIX wdt: <http://www.wikidata.org/prop/direct/>"),
    Case("2.1.7", "a no-break space is named at its own column", 400, query=[("query", "SELECT\u00a0* { ?s ?p ?o }")], media_type=PROBLEM, says="Line 1, column 7: the query cannot be read at U+00A0"),
    Case("2.1.7", "a function that there is not, in plain words", 400, query=[("query", "SELECT (<http://x/f>(1) AS ?x) {}")], media_type=PROBLEM, says="evaluated: The custom function <http://x/f> is not supported."),
    Case("2.1.7", "a variable bound twice", 400, query=[("query", "SELECT (1 AS ?x) (2 AS ?x) {}")], media_type=PROBLEM),
    Case("2.1.7", "a call to another host is refused", 403, query=[("query", "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")], media_type=PROBLEM),
    Case("2.1.7", "a limit of time that is none", 400, query=[("query", ASK), ("timeout", "soon")], media_type=PROBLEM),
    Case("2.1.7", "a limit of time that is negative", 400, query=[("query", ASK), ("timeout", "-1")], media_type=PROBLEM),
    # 2.2: updates, which this endpoint does not take
    Case("2.2", "an update by form", 403, **form(("update", "DROP ALL")), media_type=PROBLEM, says="read-only"),
    Case("2.2", "an update by body", 403, **direct("DROP ALL", UPDATE), media_type=PROBLEM, says="read-only"),
    Case("2.2", "an update by GET", 403, query=[("update", "DROP ALL")], media_type=PROBLEM),
    Case("2.2", "an update that is sent as a query", 400, query=[("query", "DROP ALL")], media_type=PROBLEM),
    # 2.3 and the methods of HTTP
    Case("2.3", "PUT", 405, method="PUT", media_type=PROBLEM),
    Case("2.3", "DELETE", 405, method="DELETE", media_type=PROBLEM),
    Case("2.3", "OPTIONS says what may be done", 200, method="OPTIONS"),
    # 2.4: relative IRIs resolve against the address of the request
    Case("2.4", "a relative IRI", 200, query=[("query", 'ASK { FILTER(STR(<x>) = "http://localhost/x") }')], says=TRUE),
    Case("2.4", "BASE in the query comes first", 200, query=[("query", 'BASE <http://b/> ASK { FILTER(STR(<x>) = "http://b/x") }')], says=TRUE),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_endpoint_does_what_the_clause_says(case: Case, client: FlaskClient) -> None:
    response = client.open(
        "/sparql", method=case.method, query_string=case.query, data=case.body or None, headers=case.headers
    )
    assert response.status_code == case.status, response.text
    if case.media_type:
        assert response.mimetype == case.media_type
    assert case.says in response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if case.method == "HEAD":
        assert response.data == b""


def test_every_clause_is_covered(capsys: pytest.CaptureFixture[str]) -> None:
    counted = Counter(case.clause for case in CASES)
    with capsys.disabled():
        print(  # noqa: T201 - the number of cases belongs in the output of the tests
            f"\nSPARQL 1.1 Protocol: {len(CASES)} cases ({', '.join(f'{k}: {v}' for k, v in sorted(counted.items()))})"
        )
    assert set(counted) == {"2.1.1", "2.1.2", "2.1.3", "2.1.4", "2.1.5", "2.1.6", "2.1.7", "2.2", "2.3", "2.4"}
    assert len({str(case) for case in CASES}) == len(CASES) >= 65


def test_a_browser_may_send_a_query_from_another_page(client: FlaskClient) -> None:
    """Fetch, section 3.2: the preflight of a POST with our media type."""
    headers = {"Origin": "http://example.org", "Access-Control-Request-Method": "POST"}
    response = client.options("/sparql", headers={**headers, "Access-Control-Request-Headers": "content-type"})
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_the_default_graph_is_the_sum_of_the_named_ones(client: FlaskClient) -> None:
    def count(**dataset: str) -> int:
        answer = client.post("/sparql", data={"query": COUNT, **dataset}).json
        return int(answer["results"]["bindings"][0]["n"]["value"])

    names = ("asserted", "inferred", "ontology", "shapes", "similarity", "statistics")
    assert count() == sum(count(**{"default-graph-uri": GRAPH + name}) for name in names)
