"""The site of another base: it goes by that base's name, shows its examples, and says nothing of ours."""

from __future__ import annotations

import gzip
import re
import shutil
from collections import Counter, deque
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.faults.corpus import lay_out
from tests.thorough import NIGHTLY

DATASET = "https://harbour.example/notes"
HEADER = f"""
<{DATASET}> a dcat:Dataset ;
    dcterms:title "Harbour Notes"@en ;
    dcterms:description "What pilots know of one harbour."@en ;
    dcterms:license <https://harbour.example/licence> ;
    foaf:homepage <https://harbour.example/> ;
    dcat:contactPoint <mailto:pilots@harbour.example> ;
    dcterms:publisher <https://harbour.example/#pilots> ;
    dcat:keyword "pilotage"@en ;
    void:exampleResource concept:nowhere, concept:reward-hacking .

<https://harbour.example/#pilots> a foaf:Agent ; foaf:name "The pilots" .
<https://harbour.example/licence> rdfs:label "the licence of the port" .
"""
PREFIXES = """@prefix void: <http://rdfs.org/ns/void#> .
@prefix concept: <https://w3id.org/alignment-kb/concept/> .
"""
OURS = re.compile(r"https?(://|%3A%2F%2F)w3id\.org(/|%2F)alignment-kb(/|%2F)", re.IGNORECASE)
"""The namespace of the vocabulary, which is ours whoever uses it."""
ALSO = (
    *(
        "/llms.txt",
        "/opensearch.xml",
        "/robots.txt",
        "/sitemap.xml",
        "/catalogue.ttl",
        "/.well-known/void.ttl",
        "/map.svg",
    ),
    *("/reconcile", "/reconcile/v1", "/examples.ttl", "/nowhere", "/concept/nowhere", "/path", "/explain", "/profiles"),
    *("/resolve?id=nothing", "/map.json", "/context.jsonld", "/debates", "/timeline", "/open-questions", "/sparql"),
)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of another name, with the clean base of the corpus of faults as its content."""
    root = tmp_path_factory.mktemp("harbour") / "base"
    lay_out(root, None)
    path = root / "ontology/akb.ttl"
    text = path.read_text()
    start, end = text.index("<https://w3id.org/alignment-kb/dataset> a"), text.index("# ---- Classes")
    path.write_text(PREFIXES + text[:start] + HEADER + text[end:])
    for path in (*(root / "ontology").glob("*.ttl"), *(root / "shapes").rglob("*"), *(root / "kb").rglob("*")):
        if path.is_file():
            # Its own ontology would have examples of its own.
            text = path.read_text()
            path.write_text(re.sub(r"alignment(?!-kb|s\.ttl)", "harbour", text, flags=re.IGNORECASE))
    (root / "akb.toml").write_text('embedding = "none"\n[site]\nfooter = "Made by hand."\n')
    return root


MakeClient = Callable[[Path], FlaskClient]


@pytest.fixture(scope="module")
def client(harbour: Path, make_client: MakeClient) -> FlaskClient:
    """A client of its site."""
    return make_client(harbour)


def addresses_in(path: str, text: str) -> set[str]:
    found = (urljoin(path, unescape(one)) for one in re.findall(r'(?:href|src)="([^"]+)"', text))
    return {one.partition("#")[0] for one in found if not urlsplit(one).scheme and not one.startswith("/sparql?")}


def test_no_page_that_home_leads_to_speaks_of_us(client: FlaskClient) -> None:
    """One address of each kind will do, or three: tests/e2e/test_foreign_bases.py opens every page of smaller bases."""
    found, queue = {"/", *ALSO}, deque(["/", *ALSO])
    kinds: Counter[str] = Counter()
    pages = 0
    while queue:
        path = queue.popleft()
        response = client.get(path, headers={"Accept": "text/html, */*;q=0.1"}, follow_redirects=True)
        assert response.status_code < 500, path
        pages += response.mimetype == "text/html"
        # The manual is that of the engine: its examples are about the base that comes with it.
        if "/vendor/" in path or response.mimetype.startswith("image/png") or path.startswith("/docs"):
            continue
        data = gzip.decompress(response.data) if response.mimetype == "application/gzip" else response.data
        # What is in archives and Parquet is opened by tests/e2e/test_foreign_bases.py and tests/build/dumps/.
        text = data.decode("utf-8", "replace")
        ours = OURS.sub("", text).lower()
        at = ours.find("alignment")
        assert at < 0, f"{path}: {ours[max(0, at - 60) : at + 60]}"
        if response.mimetype == "text/html":
            for one in sorted(addresses_in(response.request.path, text) - found):
                found.add(one)
                # The class stays, and the names of parameters; the slug and their values go.
                kind = re.sub(r"(?<=\w/)[a-z0-9]+(-[a-z0-9]+)*(?=[./?]|$)|(?<==)[^&]*", "", one)
                if not NIGHTLY:
                    # What writes a format does not know the class, nor does what is below the page of an entity.
                    kind = re.sub(r"^/[\w-]+(?=/(?:/|\.(?!html)\w))", "", kind)
                kinds[kind] += 1
                if kinds[kind] <= (3 if NIGHTLY else 1):
                    queue.append(one)
    assert pages > 40


def test_it_goes_by_its_own_name_and_under_its_own_licence(client: FlaskClient) -> None:
    home = client.get("/").text
    assert "<title>Harbour Notes</title>" in home
    assert "<h1>Harbour Notes</h1>" in home
    assert '<meta name="description" content="What pilots know of one harbour.">' in home
    assert '<a href="https://harbour.example/licence" rel="license">the licence of the port</a>' in home
    assert "Code:" not in home
    assert "Made by hand." in home
    assert '<a href="mailto:pilots@harbour.example">Contact</a>' in home
    assert '<a href="https://harbour.example/">Website</a>' in home
    assert "<title>Concepts · Harbour Notes</title>" in client.get("/concept.html").text
    assert client.get("/reconcile").json["name"] == "Harbour Notes"
    assert client.get("/opensearch.xml").text.count("Harbour Notes") >= 1
    assert "The pilots. Reward hacking. In: Harbour Notes." in client.get("/concept/reward-hacking.html").text
    assert f"<{DATASET}>" in client.get("/.well-known/void.nt").text
    assert "https://w3id.org/alignment-kb/dataset>" not in client.get("/catalogue.nt").text
    assert (
        '<https://harbour.example/licence>; rel="license"' in client.get("/concept/reward-hacking.html").headers["Link"]
    )


def test_the_entity_that_it_names_is_the_example(client: FlaskClient) -> None:
    home = client.get("/").text
    assert '<a class="button" href="/concept/reward-hacking">Start with Reward hacking</a>' in home
    assert "http://localhost/concept/reward-hacking" in client.get("/llms.txt").text
    assert "concept:reward-hacking" in client.get("/examples").text
    assert "concept:reward-hacking" in client.get("/resolve?id=nothing", headers={"Accept": "*/*"}).json["mend"]


def test_pages_for_which_the_ontology_has_nothing_are_not_there(
    harbour: Path, make_client: MakeClient, tmp_path: Path
) -> None:

    root = tmp_path / "base"
    shutil.copytree(harbour, root, ignore=shutil.ignore_patterns(".akb"))
    for folder in ("kb", "shapes"):
        shutil.rmtree(root / folder)
        (root / folder).mkdir()
    for name in ("sections", "alignments"):
        (root / f"ontology/{name}.ttl").unlink()
    path = root / "ontology/akb.ttl"
    # A class is taken out by another name.
    path.write_text(re.sub(r"akb:(Claim|Question|Work)\b", r"akb:Port\1", path.read_text()))
    client = make_client(root)
    home = client.get("/").text
    for name in ("debates", "open-questions", "timeline"):
        assert client.get(f"/{name}").status_code == 404
        assert f'href="/{name}"' not in home
    assert "Across the classes" not in home
    assert "curl --data-urlencode" in home
    assert "/examples" in client.get("/llms.txt").text
    assert "akb:Claim" not in client.get("/examples").text


def test_classes_have_the_looks_that_the_ontology_gives_them(client: FlaskClient) -> None:
    style = client.get("/static/classes.css").text
    assert ".class-claim { --hue: var(--class-claim); }" in style
    home = client.get("/").text
    [address] = re.findall(r'href="(/static/classes\.css\?v=\w+)"', home)
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert "--class-claim: #9c3d22;" in style
    alone = client.get("/concept/reward-hacking/picture.svg")
    assert "--class-claim: #9c3d22;" in alone.text
    assert 'class="mark class-concept' in alone.text
