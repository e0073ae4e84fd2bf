"""Bases that are not ours, in tests/bases/: checked, built, served, looked at, asked, and free of our name.

Each is checked in every run; two of the four are served, and all of them in a nightly run.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from rdflib import Graph, URIRef

from server.cli.main import main
from tests.conftest import address_of, shared_folder
from tests.e2e.browsing import WIDE, Windows
from tests.thorough import NIGHTLY

pytestmark = pytest.mark.slow

BASES = Path(__file__).parent.parent / "bases"
OURS = re.compile(r"alignment|anthropic|AI safety|CC BY|creativecommons\.org/licenses/by|\bMIT\b", re.IGNORECASE)
"""Our name, our field, our licences."""
ENGINE = re.compile(r"https://w3id\.org/alignment-kb/(?:ontology|schemes|shapes|profiles)\b")
"""The IRIs of the terms of the engine."""
VARIANTS = 3 if NIGHTLY else 1
"""Of addresses that differ in their query only, and of documents on one class in one format, this many are asked."""
FORMATS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}


@dataclass(frozen=True)
class Site:
    """One of the bases, as it should be, and where it is served."""

    folder: str
    name: str
    classes: dict[str, int]
    entity: str
    """The path of an entity."""
    iri: str
    """The IRI of that."""
    label: str
    search: str
    """Words by which the search finds it."""
    edges: int
    ask: str
    """A query with one row, `?found`, in the terms of the base."""
    answer: str
    address: str = ""
    is_plain: bool = False
    in_german: str = ""


HERBARIUM = "https://herbarium.example/flora/"
THESAURUS = "https://thesaurus.example/"
LIBRARY = "https://library.example/catalogue/"
SITES = (
    Site(
        "herbarium", "Coast Herbarium", {"collector": 2, "locality": 4, "specimen": 12, "taxon": 10},
        "/taxon/crambe-maritima", f"{HERBARIUM}taxon/crambe-maritima", "Crambe maritima", "sea kale", 42,
        f"PREFIX t: <{HERBARIUM}terms#> SELECT (COUNT(*) AS ?found) {{ ?s a t:HerbariumSpecimen ; t:determinedAs ?x }}",
        "12",
    ),
    Site(
        "thesaurus", "Words of the Bindery", {"concept": 24},
        "/concept/kettle-stitch", f"{THESAURUS}concept/kettle-stitch", "Kettle stitch", "Fitzbund", 30,
        "SELECT (COUNT(*) AS ?found) { ?s skos:prefLabel ?l FILTER(LANG(?l) = 'fr') }",
        "24",
        in_german="Fitzbund",
    ),
    Site(
        "library", "Library of the Unwritten",
        {"academic-article": 5, "book": 8, "journal": 2, "organization": 2, "person": 5},
        "/book/quiet-engines", f"{LIBRARY}book/quiet-engines", "Quiet Engines", "engines", 39,
        "SELECT (SUM(?pages) AS ?found) { ?b a bibo:Book ; bibo:pages ?pages }",
        "1476",
    ),
    Site(
        "plain", "Knowledge base", {"harbour": 3, "light-vessel": 6, "log-entry": 6, "person": 3, "resource": 3},
        "/light-vessel/kittiwake", "http://ships.example/id/kittiwake", "Kittiwake", "kittiwake", 19,
        "SELECT ?found { <http://ships.example/id/kittiwake> <http://harbours.example/ns#homePort>/rdfs:label ?found }",
        "Harwick",
        is_plain=True,
    ),
)  # fmt: skip


SERVED = [site for site in SITES if NIGHTLY or site.folder in {"thesaurus", "plain"}]
"""The one with words in several languages, and the one without an ontology or a setting; or all."""


@contextmanager
def served(site: Site, folder: Path) -> Iterator[str]:
    """Run a server on a copy of a base; the first one builds its release, for all test processes."""
    copy, state = folder / site.folder, folder / f"{site.folder}-state"
    with FileLock(folder / f"{site.folder}.lock"):
        if not copy.exists():
            shutil.copytree(BASES / site.folder, copy)
        if not site.is_plain:
            # This process has the modules already; the server finds that nothing has changed since.
            built = akb("build", site, copy, state)
            assert built.exit_code == 0, built.output
    log = folder / f"{site.folder}-{os.getpid()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli.main", *words("serve", site, copy), "--port", "0"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | environment(state),
        )
    try:
        yield address_of(process, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def words(name: str, site: Site, root: Path) -> list[str]:
    return [name, "--data" if site.is_plain else "--root", str(root)]


def environment(state: Path) -> dict[str, str]:
    return {"AKB_STATE": str(state), "AKB_EMBEDDING": "none"}


def akb(name: str, site: Site, root: Path, state: Path, *more: str) -> Result:
    return CliRunner(env=environment(state)).invoke(main, [*words(name, site, root), *more])


@pytest.fixture(scope="module", params=SERVED, ids=lambda site: site.folder)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A base that is served."""
    folder = shared_folder(tmp_path_factory) / "foreign"
    folder.mkdir(exist_ok=True)
    with served(request.param, folder) as address:
        yield Site(**(vars(request.param) | {"address": address.rstrip("/")}))


def get(address: str, accept: str = "*/*", data: bytes | None = None) -> tuple[int, str, str, str]:
    """Return the status, the address at the end, the media type and the text of an answer."""
    try:
        with closing(urlopen(Request(address, data, {"Accept": accept}), timeout=60)) as answer:
            text = unpacked(answer.headers.get_content_type(), answer.read()).decode("utf-8", "replace")
            return answer.status, answer.url, answer.headers.get_content_type(), text
    except HTTPError as error:
        return error.code, error.url, error.headers.get_content_type(), error.read().decode("utf-8", "replace")


def unpacked(media_type: str, data: bytes) -> bytes:
    """Return what is in a download."""
    if media_type == "application/gzip":
        return gzip.decompress(data)
    if media_type == "application/zip":
        with ZipFile(BytesIO(data)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    return data


def json_of(address: str, data: bytes | None = None) -> Any:
    status, _, _, text = get(address, "application/json", data)
    assert status == 200, text
    return json.loads(text)


def links_in(address: str, text: str) -> Iterator[str]:
    for link in re.findall(r'(?:href|src)="([^"]*)"', text):
        yield urljoin(address, unescape(link)).partition("#")[0]


def document_kind(path: str, site: Site) -> str:
    """Return the class and the format of a document about an entity or a pair other than its page, or nothing."""
    name, _, rest = path.partition("/")
    slug, part, more = re.fullmatch(r"([^/.]*)([/.]?)(.*)", rest, re.DOTALL).groups()
    is_page = not slug or (part, more) in {("", ""), (".", "html")}
    return "" if name not in {*site.classes, "candidate"} or is_page else f"{name} {part}{more}"


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.folder)
def test_it_passes_its_check(site: Site, tmp_path: Path) -> None:
    result = akb("check", site, BASES / site.folder, tmp_path / "state", "--format", "json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    if not site.is_plain:
        assert report["findings"] == []
        assert report["checked"]["entities"] == sum(site.classes.values())
        assert report["checked"]["edges"] == site.edges


def test_every_page_that_home_leads_to_is_there_and_says_nothing_of_us(site: Site) -> None:
    first = f"{site.address}/"
    seen, queue, variants = {first}, deque([first]), Counter[str]()
    pages: set[str] = set()
    while queue:
        address = queue.popleft()
        status, end, media_type, text = get(address, "text/html, */*;q=0.1")
        assert status == 200, address
        # The manual is that of the engine: its examples are about the base that comes with it.
        is_manual = urlsplit(address).path.startswith("/docs")
        is_packed = media_type in {"image/png", "application/vnd.apache.parquet"}
        if is_manual or "/vendor/" in address or is_packed:
            continue
        said = OURS.search(ENGINE.sub("", text))
        assert said is None, f"{address}: {text[max(0, said.start() - 80) : said.end() + 80]}"
        if media_type != "text/html":
            continue
        pages.add(urlsplit(end).path)
        for link in links_in(end, text):
            path, _, query = link.partition("?")
            kind = document_kind(path.removeprefix(first), site) or (path if query else "")
            if link in seen or not link.startswith(first) or (kind and variants[kind] >= VARIANTS):
                continue
            if site.folder != SERVED[0].folder and link.startswith(f"{first}docs/") and not NIGHTLY:
                continue  # the manual is the same everywhere
            variants[kind] += 1
            seen.add(link)
            queue.append(link)
    assert {f"/{name}" for name in site.classes} | {f"{site.entity}.html", "/ontology"} <= pages
    entities = {
        page for page in pages if page.count("/") == 2 and page.endswith(".html") and page.split("/")[1] in site.classes
    }
    assert len(entities) == sum(site.classes.values()), "each entity is linked from somewhere"


def test_it_looks_like_a_site_in_a_browser(site: Site, windows: Windows, tmp_path: Path) -> None:
    complaints: list[str] = []
    page = windows.open(f"{site.address}/", WIDE)
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in ("", site.entity[1:], next(iter(site.classes)), "search?q=" + quote(site.search), "ontology"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1
        assert site.name in page.title()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"
        picture = tmp_path / f"{path.partition('?')[0].replace('/', '-') or 'home'}.png"
        page.screenshot(path=picture)
        assert picture.stat().st_size > 10_000, f"{path}: nothing was drawn"
    assert complaints == []


def test_an_entity_has_its_label_and_its_neighbours(site: Site) -> None:
    status, end, _, text = get(site.address + site.entity, "text/html")
    assert (status, urlsplit(end).path) == (200, f"{site.entity}.html")
    assert f">{site.label}</h1>" in re.sub(r"\s+", " ", text) or re.search(rf"<h1[^>]*>\s*{site.label}", text)
    entity = json_of(f"{site.address}{site.entity}.json")
    assert entity["iri"] == site.iri
    assert entity["neighbours"] or entity["groups"]


def test_it_answers_a_query_in_its_own_terms(site: Site) -> None:
    prefixes = "".join(
        f"PREFIX {prefix}: <{iri}> "
        for prefix, iri in (("skos", "http://www.w3.org/2004/02/skos/core#"),
                            ("bibo", "http://purl.org/ontology/bibo/"),
                            ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"))
    )  # fmt: skip
    status, _, media_type, text = get(
        f"{site.address}/sparql?{urlencode({'query': prefixes + site.ask})}", "application/sparql-results+json"
    )
    assert (status, media_type) == (200, "application/sparql-results+json"), text
    [row] = json.loads(text)["results"]["bindings"]
    assert row["found"]["value"] == site.answer


def test_every_format_of_an_entity_has_the_same_triples(site: Site) -> None:
    graphs = {}
    for extension, syntax in FORMATS.items():
        status, _, media_type, text = get(f"{site.address}{site.entity}.{extension}")
        assert status == 200, extension
        negotiated = get(site.address + site.entity, media_type)
        assert (negotiated[2], negotiated[3]) == (media_type, text), extension
        # What stands in named graphs is looked at for its triples only.
        graphs[extension] = set(Graph().parse(data=text, format=syntax))
    assert any(triple[0] == URIRef(site.iri) for triple in graphs["ttl"])
    for extension, graph in graphs.items():
        assert len(graph) == len(graphs["ttl"]), extension
    for extension in ("md", "csv", "json", "nq", "trig"):
        assert get(f"{site.address}/{site.entity.split('/')[1]}.{extension}")[0] == 200, extension


def test_the_search_and_the_reconciliation_find_an_entity(site: Site) -> None:
    curie = site.entity[1:].replace("/", ":", 1)
    found = json_of(f"{site.address}/search.json?{urlencode({'q': site.search})}")["items"]
    assert curie in [item["id"] for item in found[:3]]
    queries = json.dumps({"q": {"query": site.label}})
    [best, *_] = json_of(f"{site.address}/reconcile", urlencode({"queries": queries}).encode())["q"]["result"]
    assert (best["id"], best["name"], best["match"]) == (curie, site.label, True)
    assert {one["name"] for one in best["type"]}


def test_it_counts_what_it_has(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    counts = {name: json_of(f"{site.address}/{name}.json")["count"] for name in site.classes}
    assert counts == site.classes
    status, _, _, text = get(f"{site.address}/.well-known/void.ttl")
    assert status == 200
    void = Graph().parse(data=text)
    entities = {int(value) for value in void.objects(None, URIRef("http://rdfs.org/ns/void#entities"))}
    assert sum(site.classes.values()) in entities


def test_the_catalogue_names_it(site: Site) -> None:
    _, _, _, home = get(f"{site.address}/", "text/html")
    assert re.search(rf"<title>{site.name}\b", home)
    assert json_of(f"{site.address}/reconcile")["name"] == site.name
    assert site.name in get(f"{site.address}/llms.txt")[3]


def test_a_reader_of_another_language_has_what_there_is_in_it(site: Site) -> None:
    request = Request(f"{site.address}{site.entity}.html", headers={"Accept-Language": "de"})
    with closing(urlopen(request)) as answer:
        assert (site.in_german or site.label) in answer.read().decode()
