"""The matrix: which header at which address gives which status, media type, Vary, Link and Content-Location.

RFC 9110 (12.5.1, 12.5.5, 8.7, 15), RFC 8288, RFC 9264, RFC 9457, and Content Negotiation by Profile. How many cases
there are is said at the end of a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import pytest
from flask.testing import FlaskClient

T = TypeVar("T")

AF = "/concept/alignment-faking"
EDGES = "https://w3id.org/alignment-kb/profiles#edges"
RECORD = "https://w3id.org/alignment-kb/profiles#record"
REIFIERS = "https://w3id.org/alignment-kb/profiles#reifiers"
"""That of RDF 1.2, which has formats of its own: tests/web/documents/ has them."""
SCHEMA = "http://schema.org/"

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "linkset.json": "application/linkset+json",
}
RDF = ("jsonld", "ttl", "nt", "nq", "trig", "rdf")
LICENCE = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JENA = "application/n-triples,text/turtle;q=0.9,application/rdf+xml;q=0.7,application/ld+json;q=0.6,*/*;q=0.3"
RDFLIB = "text/turtle;q=1.0, application/rdf+xml;q=0.9, application/xhtml+xml;q=0.5, */*;q=0.1"
OLD_JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"

ACCEPT = [
    # No wish: 12.5.1, "a request without any Accept header field implies that the user agent will accept any".
    (None, "html"),
    ("", "html"),
    ("*/*", "html"),
    ("*", "html"),
    # One media type.
    ("text/html", "html"),
    ("application/xhtml+xml", "html"),
    ("application/ld+json", "jsonld"),
    ("text/turtle", "ttl"),
    ("application/x-turtle", "ttl"),
    ("TEXT/Turtle", "ttl"),
    ("application/n-triples", "nt"),
    ("application/n-quads", "nq"),
    ("application/trig", "trig"),
    ("application/rdf+xml", "rdf"),
    ("text/markdown", "md"),
    ("text/csv", "csv"),
    ("application/json", "json"),
    ("application/linkset+json", "linkset.json"),
    # What programs send.
    (CHROME, "html"),
    (FIREFOX, "html"),
    (JENA, "nt"),
    (RDFLIB, "ttl"),
    (OLD_JAVA, "html"),
    ("application/json, text/plain, */*", "json"),
    ("text/markdown, text/html;q=0.9, */*;q=0.1", "md"),
    # Weights.
    ("text/turtle;q=0.5, application/ld+json", "jsonld"),
    ("text/turtle;q=0.5, application/ld+json;q=0.4", "ttl"),
    ("text/turtle;q=0.501, text/csv;q=0.5", "ttl"),
    ("text/csv;q=0.000, text/turtle;q=0.001", "ttl"),
    ("text/csv ; q=0.2 , text/turtle ; Q=0.3", "ttl"),
    # Equal weights: what was named before what a wildcard covers, then the order of the table.
    ("*/*, text/csv", "csv"),
    ("text/csv, text/turtle", "ttl"),
    ("application/rdf+xml, application/ld+json", "jsonld"),
    # Wildcards.
    ("text/*", "html"),
    ("application/*", "jsonld"),
    ("text/*;q=0.4, application/*;q=0.5", "jsonld"),
    ("image/*, */*;q=0.01", "html"),
    ("*/*;q=0.1, text/csv;q=0.2", "csv"),
    # The most specific range sets the weight, whatever wider ones say.
    ("text/*;q=0.9, text/html;q=0.1", "ttl"),
    ("*/*, text/html;q=0.1", "jsonld"),
    ("*/*;q=0.9, text/*;q=0.1", "jsonld"),
    # q=0 is "not acceptable".
    ("text/html;q=0, */*", "jsonld"),
    ("text/html;q=0, application/xhtml+xml, text/csv;q=0.1", "csv"),
    ("text/html;q=0", 406),
    ("*/*;q=0", 406),
    ("text/*;q=0, text/csv", "csv"),
    # Parameters: ours are in UTF-8, and have no other parameter; a profile is a hint.
    ("text/turtle;charset=utf-8", "ttl"),
    ('text/turtle; charset="UTF-8"', "ttl"),
    ("text/turtle;charset=iso-8859-1", 406),
    ("text/turtle;charset=iso-8859-1, text/csv;q=0.1", "csv"),
    ("text/html;level=1", 406),
    ("text/html;level=1, text/html;q=0.7, text/csv;q=0.5", "html"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted a,b;c";q=0.3, text/csv;q=0.2', "jsonld"),
    # Nothing of ours.
    ("image/png", 406),
    ("application/pdf, image/*", 406),
    ("application/problem+json", 406),
    ("text/x-unheard-of", 406),
    # Malformed parts are passed over; a header of which nothing is left counts as none.
    ("nonsense", "html"),
    (";;;", "html"),
    (",,,", "html"),
    ("/", "html"),
    ("text/", "html"),
    ("*/turtle", "html"),
    ("text/turtle;q=high", "html"),
    ('text/turtle;x="unclosed', "html"),
    ("text/turtle text/csv", "html"),
    ("nonsense, text/turtle", "ttl"),
    ("text/turtle;q=high, text/csv;q=0.1", "csv"),
    ("text/turtle;q=1.5, text/csv;q=0.1", "csv"),
    ("text/turtle;q=-1, text/csv;q=0.1", "csv"),
    ("text/turtle;q=nan, text/csv;q=0.1", "csv"),
    (",,text/csv,,", "csv"),
    ("text/csv;", "csv"),
    ("a/b," * 1000 + "text/csv", "csv"),
]
"""Accept headers, and the format in which a document of all formats is answered, or 406."""

IN_PLACE = {"/concept": "", "/ontology": "ontology", "/schemes": "schemes", "/.well-known/void": "dataset"}
"""Documents that are negotiated in place, and what they describe."""
REDIRECTED = {AF: AF, "/dataset": "/.well-known/void"}
"""Things, and the documents about them."""


@dataclass(frozen=True)
class Case:
    """A request, and what of its answer is held."""

    path: str
    headers: dict[str, str]
    status: int
    method: str = "GET"
    content_type: str | None = None
    location: str | None = None
    content_location: str | None = None
    """None: there is none."""
    vary: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    """Parts of the Link header."""
    more: dict[str, str] = field(default_factory=dict)
    """Other headers."""
    is_tagged: bool = False
    """Whether the representation has a strong ETag, by which it is known again (RFC 9110, 8.8.3 and 13.1.2)."""

    def __str__(self) -> str:
        asked = ",".join(f"{name}={value[:60]}" for name, value in self.headers.items())
        return f"{self.method} {self.path} {asked} -> {self.status}"


OF_READER = frozenset({"accept-language", "cookie"})
"""What a page depends on besides: its words are in the language of its reader."""


def accepting(accept: str | None) -> dict[str, str]:
    return {} if accept is None else {"Accept": accept}


def is_tagged(path: str, extension: str) -> bool:
    """Tell whether a document is the same whoever asks: the description of the dataset names the host."""
    return path != "/.well-known/void" and extension != "linkset.json"


def host(path: str, extension: str) -> frozenset[str]:
    """Return the header Host where a document holds absolute addresses of the site."""
    names_it = extension == "linkset.json" or (path == "/.well-known/void" and extension in RDF)
    return frozenset({"host"} if names_it else ())


def alternates(path: str, but: str = "") -> tuple[str, ...]:
    """Return the links that lead from a document to its formats."""
    types = {extension: content_type.partition(";")[0] for extension, content_type in CONTENT_TYPES.items()}
    return tuple(
        f'<{path}.{extension}>; rel="{"linkset" if extension == "linkset.json" else "alternate"}'
        for extension, media_type in types.items()
        if extension != but
    )


def by_accept() -> list[Case]:
    cases = []
    for accept, wanted in ACCEPT:
        headers = accepting(accept)
        for path in IN_PLACE:
            if wanted == 406:
                cases.append(
                    Case(path, headers, 406, content_type="problem", vary=frozenset({"accept"}), links=alternates(path))
                )
            else:
                cases.append(
                    Case(
                        path,
                        headers,
                        200,
                        content_type=CONTENT_TYPES[wanted],
                        content_location=f"{path}.{wanted}",
                        vary=frozenset({"accept"}) | host(path, wanted),
                        links=alternates(path, wanted),
                        is_tagged=is_tagged(path, wanted),
                    )
                )
        for path, document in REDIRECTED.items():
            vary = frozenset({"accept", "accept-profile"} if path == AF else {"accept"})
            if wanted == 406:
                cases.append(Case(path, headers, 406, content_type="problem", vary=vary, links=alternates(document)))
            else:
                cases.append(Case(path, headers, 303, location=f"{document}.{wanted}", vary=vary))
    return cases


def by_extension() -> list[Case]:
    cases = []
    for extension, content_type in CONTENT_TYPES.items():
        for path in (*IN_PLACE, AF):
            # Whatever the client says that it takes, the address says more; and nothing then depends on a header.
            links = (*alternates(path, extension), LICENCE)
            cases += [
                Case(
                    f"{path}.{extension}",
                    accepting(accept),
                    200,
                    content_type=content_type,
                    vary=host(path, extension),
                    links=links,
                    is_tagged=is_tagged(path, extension),
                )
                for accept in (None, "image/png", "text/csv;q=0.1")
            ]
            # So does a media type in the query; what it does not say is left to Accept-Profile.
            media_type = content_type.partition(";")[0].replace("+", "%2B")
            asked = (f"{path}?_mediatype={media_type}", {"Accept": "image/png"})
            if path == AF:
                location = f"{path}.{extension}"
                cases.append(Case(*asked, 303, location=location, vary=frozenset({"accept-profile"})))
            else:
                place, vary = f"{path}.{extension}", host(path, extension)
                cases.append(Case(*asked, 200, content_type=content_type, content_location=place, vary=vary))
    for path in (*IN_PLACE, AF):
        cases += [
            Case(f"{path}.{extension}", {}, 404, content_type="problem", vary=frozenset({"accept"}))
            for extension in ("docx", "ttl.ttl", "json.linkset")
        ]
        cases.append(Case(f"{path}?_mediatype=image/png", {}, 404, content_type="problem", vary=frozenset({"accept"})))
    return cases


PROFILES = {EDGES: "", RECORD: "?_profile=record", SCHEMA: "?_profile=schema"}
ACCEPT_PROFILE = [
    ("", EDGES),
    ("*", EDGES),
    (f"<{EDGES}>", EDGES),
    (f"<{RECORD}>", RECORD),
    (f"<{SCHEMA}>", SCHEMA),
    ("<https://schema.org/>", SCHEMA),
    ("schema", SCHEMA),
    (f"<{RECORD}>, <{SCHEMA}>", RECORD),
    (f"<{RECORD}>;q=0.5, <{SCHEMA}>;q=0.9", SCHEMA),
    (f"<{RECORD}>; q=0.5 , <{SCHEMA}>; q=0.4", RECORD),
    (f"<{EDGES}>;q=0", RECORD),
    (f"<{EDGES}>;q=0, <{RECORD}>;q=0", SCHEMA),
    (f"<{EDGES}>;q=0, <{SCHEMA}>;q=0.001", SCHEMA),
    ("<https://profiles.example/unheard-of>", EDGES),
    (f"<https://profiles.example/a,b;c>, <{SCHEMA}>;q=0.1", SCHEMA),
    ("<<>>;;;q=,", EDGES),
    ("nonsense", EDGES),
]
"""Accept-Profile headers, and the profile in which an entity is answered."""


def by_profile() -> list[Case]:
    both = frozenset({"accept", "accept-profile"})
    cases = [
        Case(
            AF,
            {"Accept": "text/turtle", "Accept-Profile": header},
            303,
            location=f"{AF}.ttl{PROFILES[profile]}",
            vary=both,
        )
        for header, profile in ACCEPT_PROFILE
    ]
    every = ", ".join(f"<{profile}>;q=0" for profile in (*PROFILES, REIFIERS))
    schema = {"Accept-Profile": f"<{SCHEMA}>"}
    cases += [
        Case(AF, {"Accept-Profile": every}, 406, content_type="problem", vary=both, links=alternates(AF)),
        # Pages are of one profile only: whoever takes another as well gets one of its formats, else the page.
        Case(AF, schema | {"Accept": "text/html"}, 303, location=f"{AF}.html", vary=both),
        Case(AF, schema | {"Accept": CHROME}, 303, location=f"{AF}.jsonld?_profile=schema", vary=both),
        Case(AF, schema, 303, location=f"{AF}.jsonld?_profile=schema", vary=both),
        Case(
            f"{AF}?_profile=schema",
            {"Accept": CHROME},
            303,
            location=f"{AF}.jsonld?_profile=schema",
            vary=frozenset({"accept"}),
        ),
        Case(
            f"{AF}?_profile=schema",
            {"Accept": "text/html"},
            406,
            content_type=CONTENT_TYPES["html"],
            vary=frozenset({"accept"}),
        ),
        Case(f"{AF}?_profile=record", schema, 303, location=f"{AF}.jsonld?_profile=record", vary=frozenset({"accept"})),
        Case(f"{AF}?_profile=schema&_mediatype=text/turtle", {}, 303, location=f"{AF}.ttl?_profile=schema"),
        Case(f"{AF}?_profile=nowhere", {}, 404, content_type="problem", vary=frozenset({"accept"})),
        Case("/concept?_profile=schema", {}, 404, content_type="problem", vary=frozenset({"accept"})),
        Case(f"{AF}.html?_profile=schema", {}, 404, content_type="problem", vary=frozenset({"accept"})),
        # The address of a format says which profile it is in, whatever the client prefers.
        Case(f"{AF}.ttl", schema, 200, content_type=CONTENT_TYPES["ttl"], more={"Content-Profile": f"<{EDGES}>"}),
    ]
    for profile, query in PROFILES.items():
        for extension in RDF:
            cases.append(
                Case(
                    f"{AF}.{extension}{query or '?_profile=edges'}",
                    {},
                    200,
                    content_type=CONTENT_TYPES[extension],
                    links=(
                        f'<{profile}>; rel="profile"',
                        '<https://w3id.org/alignment-kb/concept/alignment-faking>; rel="describes"',
                        *(
                            f'rel="type"; token="{token}"; anchor="{one}"'
                            for token, one in zip(("edges", "record", "schema"), PROFILES, strict=True)
                        ),
                        *(
                            f'<{AF}?_profile={token}>; rel="alternate"; formats="{one}"'
                            for token, one in (("record", RECORD), ("schema", SCHEMA))
                        ),
                    ),
                    more={"Content-Profile": f"<{profile}>"},
                )
            )
    return cases


WRONG = {
    "/nowhere": 404,
    "/concept/no-such-thing": 404,
    "/concept/no-such-thing.ttl": 404,
    "/concept/%E5%AF%B9%E9%BD%90": 404,
    "/concept/a%3Cb": 404,
    "/concept/a/b/c": 404,
    "/edge/0000000000": 404,
    "/static/nowhere.css": 404,
    "/nowhere:x": 404,
    "/resolve?id=10.1/nothing": 404,
    "/resolve": 400,
    "/graph-store": 400,
    "/sparql?query=SELEKT": 400,
    "/sparql?update=x": 403,
    f"{AF}/neighbourhood?page=x": 400,
    "/gaps/nowhere": 404,
    "/path.json": 400,
    "/path.json?from=concept:alignment-faking&to=nowhere": 404,
    f"/path?from={'a' * 301}": 400,
    "/explain.json": 400,
    "/explain.json?subject=concept:alignment-faking&predicate=a&object=akb:Paper": 404,
    "/explain?subject=nothing&predicate=a&object=akb:Paper": 400,
    "/explain.txt?subject=concept:alignment-faking&predicate=a&object=%3Ca%20b%3E": 400,
    f"/explain?subject=urn:{'a' * 2000}": 400,
    "/concept/nowhere/picture.svg": 404,
    "/concept/nowhere/card": 404,
    "/search?q=a&class=nowhere": 400,
    "/search?q=a&mode=magic": 400,
    "/search?q=a&page=0": 400,
    "/search?q=a&page=9999": 404,
    f"/search?q={'a' * 201}": 400,
    f"/search/suggest?q={'a' * 201}": 400,
    "/search/suggest?q=a&limit=0": 400,
    "/review/matches?page=0": 400,
    "/review/matches?page=2": 404,
    "/reconcile?queries=x": 400,
    "/reconcile?queries=[]": 400,
    "/reconcile?extend={}": 400,
    "/reconcile/preview": 400,
    "/reconcile/preview?id=concept:no-such-thing": 404,
    "/reconcile/suggest/nowhere": 404,
    "/reconcile/flyout/type?id=akb:Nothing": 404,
    "/reconcile/properties?type=nowhere": 404,
    "/reconcile/1.0/extend/propose": 400,
    "/gaps/drafts-waiting?page=0": 400,
    "/gaps/drafts-waiting?page=1000": 404,
    "/gaps/drafts-waiting?size=1001": 400,
}


def errors() -> list[Case]:
    vary = frozenset({"accept"})
    cases = []
    for path, status in WRONG.items():
        cases += [
            Case(path, accepting(accept), status, content_type="problem", vary=vary)
            for accept in (None, "*/*", "application/json", "application/problem+json, */*;q=0.1", "text/turtle")
        ]
        cases += [
            Case(path, accepting(accept), status, content_type=CONTENT_TYPES["html"], vary=vary)
            for accept in (CHROME, "text/html")
        ]
    return cases


MOVED = {
    "/concept/": "/concept",
    f"{AF}/": AF,
    f"{AF}.ttl/": f"{AF}.ttl",
    "/concept//alignment-faking": AF,
    "/ontology//": "/ontology",
    "/static//style.css": "/static/style.css",
    "/Concept": "/concept",
    "/ONTOLOGY.TTL": "/ontology.ttl",
    "/concept/Alignment-Faking": AF,
    "/Concept/Alignment-Faking.ttl": f"{AF}.ttl",
    "/CONCEPT//ALIGNMENT-FAKING/": AF,
    "/concept/alignment_faking": AF,
    "/concept/Alignment%20Faking": AF,
    "/edge/E939A43396": "/edge/e939a43396",
    "/concept/Alignment-Faking?_profile=schema": f"{AF}?_profile=schema",
    "/concept:alignment-faking": AF,
    "/concept:alignment-faking.ttl?_profile=schema": f"{AF}.ttl?_profile=schema",
    "/Concept:Alignment_Faking": AF,
    "/concept%3Aalignment-faking": AF,
    "/edge:e939a43396": "/edge/e939a43396",
    "/method/rlhf": "/method/reinforcement-learning-from-human-feedback",
    "/method/rlhf.md": "/method/reinforcement-learning-from-human-feedback.md",
    "/method/rlhf.ttl?_profile=schema": "/method/reinforcement-learning-from-human-feedback.ttl?_profile=schema",
}
FOUND = {
    "/akb:Concept": "/ontology#Concept",
    "/akbv:active": "/schemes#active",
    "/skos:Concept": "http://www.w3.org/2004/02/skos/core#Concept",
    "/resolve?id=concept:alignment-faking": AF,
    "/resolve?id=Concept:Alignment-Faking": AF,
    "/resolve?id=concept:alignment-faking&_profile=schema": f"{AF}?_profile=schema",
    "/resolve?id=https://w3id.org/alignment-kb/concept/alignment-faking": AF,
    "/resolve?id=http://w3id.org/alignment-kb/concept/alignment%252Dfaking": AF,
    "/resolve?id=%3Chttps://w3id.org/alignment-kb/concept/alignment-faking%3E": AF,
    "/resolve?id=https://w3id.org/alignment-kb/ontology%23Concept": "/ontology#Concept",
    "/resolve?id=https://w3id.org/alignment-kb/concept/%E5%AF%B9": "/concept/%E5%AF%B9",
    "/resolve?id=akb:Concept": "/ontology#Concept",
    "/resolve?id=10.48550/arXiv.2412.14093": "/paper/alignment-faking-in-llms",
    "/resolve?id=doi:10.48550/ARXIV.2412.14093": "/paper/alignment-faking-in-llms",
    "/resolve?id=https://doi.org/10.48550/arXiv.2412.14093": "/paper/alignment-faking-in-llms",
    "/resolve?id=2412.14093": "/paper/alignment-faking-in-llms",
    "/resolve?id=arXiv:2412.14093v2": "/paper/alignment-faking-in-llms",
    "/resolve?id=https://arxiv.org/pdf/2412.14093v2.pdf": "/paper/alignment-faking-in-llms",
}


def redirects() -> list[Case]:
    return [
        *(Case(path, {}, 301, location=location) for path, location in MOVED.items()),
        *(Case(path, {}, 303, location=location) for path, location in FOUND.items()),
    ]


ADDRESSES = (
    "/",
    "/concept",
    "/concept.ttl",
    AF,
    f"{AF}.html",
    f"{AF}.linkset.json",
    f"{AF}/neighbourhood",
    f"{AF}/card",
    "/ontology",
    "/.well-known/void",
    "/dataset",
    "/examples",
    "/profiles",
    "/gaps",
    "/search",
    "/search/suggest",
    "/review/matches",
    "/gaps/drafts-waiting",
    "/reconcile/1.0",
    "/reconcile/properties",
    "/context.jsonld",
    "/sparql",
    "/graph/asserted",
    "/healthz",
    "/resolve",
    "/static/style.css",
)


def methods() -> list[Case]:
    cases = [Case(path, {}, 200, method="OPTIONS", more={"Access-Control-Max-Age": "86400"}) for path in ADDRESSES]
    for path in ADDRESSES:
        cases += [
            Case(path, {}, 405, method=method, content_type="problem", vary=frozenset({"accept"}))
            for method in ("PUT", "DELETE", "PATCH", *(() if path == "/sparql" else ("POST",)))
        ]
    return cases


PARTS = {part.__name__: part() for part in (by_accept, by_extension, by_profile, errors, redirects, methods)}
CASES = [case for cases in PARTS.values() for case in cases]


def test_the_matrix_is_large() -> None:
    assert len(CASES) >= 250
    assert len({str(case) + str(case.headers) for case in CASES}) == len(CASES), "no case is there twice"


Note = Callable[[str, object], None]


def hold_all(of: Iterable[T], hold: Callable[[T], None], note: Note) -> None:
    """Hold each of many cases in one test, which costs a tenth of one test each, and tell of all that fail."""
    wrong, count = [], 0
    for count, one in enumerate(of, 1):  # noqa: B007 - how many they were
        try:
            hold(one)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next one is tried
            wrong.append(f"{one}: {error or repr(error)}")
    note("matrix", (count - len(wrong), len(wrong)))
    assert not wrong, f"{len(wrong)} of {count} fail:\n" + "\n\n".join(wrong)


@pytest.mark.parametrize("part", PARTS)
def test_the_answers_are_what_the_matrix_says(part: str, client: FlaskClient, record_property: Note) -> None:
    hold_all(PARTS[part], partial(hold_answer, client), record_property)


def hold_answer(client: FlaskClient, case: Case) -> None:
    with client.open(case.path, method=case.method, headers=case.headers) as response:
        text = response.text
    assert response.status_code == case.status, text[:500]
    # Whatever the answer is.
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.content_type
    if case.method == "OPTIONS":
        assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))
        assert response.headers["Access-Control-Allow-Methods"] == response.headers["Allow"]
        assert "Accept-Profile" in response.headers["Access-Control-Allow-Headers"]
    if case.status == 405:
        assert "GET" in response.headers["Allow"]
    if case.content_type == "problem":
        assert response.content_type == "application/problem+json"
        assert response.json["status"] == case.status
        assert {"type", "title", "detail", "instance"} <= response.json.keys()
    elif case.content_type:
        assert response.content_type == case.content_type
    assert response.headers.get("Location") == case.location
    assert response.headers.get("Content-Location") == case.content_location
    vary = {name.lower() for name in response.vary} - {"accept-encoding"}
    is_page = response.mimetype == "text/html" and response.status_code // 100 != 3 and case.method != "OPTIONS"
    assert vary == case.vary | (OF_READER if is_page else set())
    link = response.headers.get("Link", "")
    for part in case.links:
        assert part in link
    assert case.more.items() <= dict(response.headers).items()
    if not case.is_tagged:
        return
    tag = response.headers["ETag"]
    assert re.fullmatch(r'"[^"]+"', tag), "a strong one"
    again = client.get(case.path, headers=case.headers | {"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Vary", "Content-Location", "Access-Control-Allow-Origin"):
        assert again.headers.get(name) == response.headers.get(name), name
    assert client.get(case.path, headers=case.headers | {"If-None-Match": '"other"'}).status_code == 200


def test_no_two_representations_share_a_tag(client: FlaskClient) -> None:
    """RFC 9110, section 8.8.3: a tag tells representations of one resource apart."""
    addresses = [
        f"{path}.{extension}" for path in ("/concept", AF) for extension in CONTENT_TYPES if is_tagged(path, extension)
    ]
    addresses += [f"{AF}.{extension}{query}" for extension in RDF for query in PROFILES.values() if query]
    tags = {client.get(address).headers["ETag"] for address in addresses}
    assert len(tags) == len(addresses) == 32


PER_ANSWER = {"Content-Length", "Date", "X-Request-Id"}


def test_head_says_what_get_says_without_a_body(client: FlaskClient, record_property: Note) -> None:
    """RFC 9110, section 9.3.2."""
    hold_all([*ADDRESSES, *WRONG, *MOVED], partial(hold_head, client), record_property)


def hold_head(client: FlaskClient, path: str) -> None:
    with client.get(path) as get, client.head(path) as head:
        assert head.status_code == get.status_code
        assert head.data == b""
        told = {name: value for name, value in get.headers.items() if name not in PER_ANSWER}
        assert {name: value for name, value in head.headers.items() if name not in PER_ANSWER} == told
