"""A site of files, from a plain file server: no link is broken, and the search and the queries run in the browser."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Page, expect

from server.cli.main import main
from server.serialization import LINKSET, RAW_CSV, REFERENCE_FORMATS, document_formats
from server.text.words import words_of
from server.turtle.starting import start_base
from server.web.export.letters import letters
from tests.e2e.browsing import WIDE, Windows, file_server
from tests.web.export.checking import broken, reached

pytestmark = pytest.mark.slow

PHONE = {"width": 360, "height": 740}
TEXTS = [
    "Größenwahn der Straße: 篡改行為, C++",
    "\uff21\uff4c\uff49\uff47\uff4e ﬁnal ① İstanbul ﾃﾞｰﾀ カタカナ ひらがな",
    "ελληνικά ΌΜΗΡΟΣ ёлка שלום مكافأة हिन्दी ภาษาไทย 조작 ㄱㄴ",
    "Łódź naïve Ørsted ŉ ǆ ß \u200bzero\u00adwidth e\u0301 👍🏽 → € x²",
    "a_b-c.d 2412.14093 https://doi.org/10.1/x#y",
    "\U0001d518\U0001d52b\U0001d526 " + "x" * 70 + " é" + "y" * 70,
]


def any_texts(count: int) -> Iterator[str]:
    """Yield texts of characters of all scripts, the same ones each time."""
    chosen = Random(count)  # what these are is of no matter
    marks, common = range(0x300, 0x370), range(0x20, 0x600)
    for _ in range(count):
        codes = [
            chosen.choice((chosen.choice(common), chosen.choice(marks), chosen.randrange(0x323B0))) for _ in range(12)
        ]
        # What is not assigned is another thing to a browser of a later Unicode.
        yield "".join(letter for letter in map(chr, codes) if unicodedata.category(letter) not in {"Cn", "Co", "Cs"})


class Site:
    """An exported site below a path of its host, and how it was made."""

    def __init__(self, folder: Path, address: str, run: Callable[..., Result]) -> None:
        self.folder, self.address, self.run = folder, address, run


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of a base of three entities, as `akb export site` writes it."""
    place = tmp_path_factory.mktemp("static")
    start_base(place / "base", "minimal")
    (place / "host").mkdir()
    with file_server(place / "host") as host:
        address = f"{host}kb/"
        runner = CliRunner(env={"AKB_STATE": str(place / "state"), "AKB_EMBEDDING": "tfidf"})

        def run(folder: str = "kb", *options: str) -> Result:
            words = ("--root", str(place / "base"), "--base-url", address, "--processes", "1")
            return runner.invoke(main, ["export", "site", str(place / "host" / folder), *words, *options])

        result = run()
        assert result.exit_code == 0, result.output
        assert re.search(r"^[\d,]+ pages in [\d,]+ files, [\d.]+ MB, in \S+: [\d,]+ files written in", result.output)
        yield Site(place / "host" / "kb", address, run)


@pytest.fixture
def opened(site: Site, windows: Windows) -> Callable[..., AbstractContextManager[Page]]:
    """Open a page of the site; at the end the browser must not have complained, nor anything have been missing."""

    @contextmanager
    def opening(path: str = "index.html", viewport: dict[str, int] = WIDE, **options: Any) -> Iterator[Page]:
        page = windows.open(site.address, viewport=viewport, **options)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
        # A page of queries loads an engine, and the machine may be busy.
        page.goto(path, timeout=60_000)
        yield page
        assert complaints == []

    return opening


def test_no_link_is_broken_and_every_page_is_reached(site: Site) -> None:
    assert broken(site.folder, "/kb") == []
    pages = {path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.html")}
    stubs = {page for page in pages if page.endswith("/index.html")}
    # The page of queries leads to the kept ones, where there are any.
    apart = {"404.html", "catalogue.html", "profiles.html", "query.html", "review/matches.html", "schemes.html"}
    unlinked = pages - reached(site.folder) - stubs - apart
    assert {page for page in unlinked if not page.endswith(("/card.html", "/embed.html"))} == set()
    for page in sorted(pages - stubs):
        text = (site.folder / page).read_text(encoding="utf-8")
        [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        assert ("wasm-unsafe-eval" in policy) == (page == "sparql.html"), page


def test_nothing_is_said_of_what_only_a_server_could_answer(site: Site) -> None:
    home = (site.folder / "index.html").read_text(encoding="utf-8")
    assert "curl" not in home
    assert "Queries run in the browser" in home
    for_models = (site.folder / "llms.txt").read_text(encoding="utf-8")
    assert not any(word in for_models for word in ("SPARQL", "Recipes", "mcp", "query="))
    assert "## Optional" in for_models
    assert not (site.folder / "llms-full.txt").exists()


def test_every_format_is_there_under_its_extension(site: Site) -> None:
    formats = [*document_formats(), *REFERENCE_FORMATS, RAW_CSV, LINKSET]
    [entity] = site.folder.glob("place/*.ttl")
    for extension in (one.name for one in formats):
        path = entity.with_name(f"{entity.stem}.{extension}")
        assert path.read_bytes(), path
    page = entity.with_suffix(".html").read_text(encoding="utf-8")
    assert f'href="{entity.name}" type="text/turtle"' in page
    for name in ("sitemap.xml", "robots.txt", "context.jsonld", "map.json", ".well-known/void.ttl", "ontology.ttl"):
        assert (site.folder / name).read_bytes(), name
    addresses = re.findall(r"<loc>(.*?)</loc>", (site.folder / "sitemap.xml").read_text(encoding="utf-8"))
    assert addresses
    assert all((site.folder / one.removeprefix(site.address)).is_file() for one in addresses)
    assert f"Sitemap: {site.address}sitemap.xml" in (site.folder / "robots.txt").read_text(encoding="utf-8")


def test_hosts_are_told_types_policies_and_where_nothing_is(site: Site) -> None:
    headers = (site.folder / "_headers").read_text(encoding="utf-8")
    assert "/kb/*.ttl\n  Content-Type: text/turtle; charset=utf-8\n" in headers
    assert "wasm-unsafe-eval" in headers.partition("/kb/sparql.html\n")[2].partition("\n\n")[0]
    assert "frame-ancestors 'none'" in headers
    apache = (site.folder / ".htaccess").read_text(encoding="utf-8")
    assert "ErrorDocument 404 /kb/404.html" in apache
    assert "AddType text/turtle .ttl" in apache
    assert 'href="/kb/index.html"' in (site.folder / "404.html").read_text(encoding="utf-8")
    quads = gzip.decompress((site.folder / "sparql/data.nq.gz").read_bytes()).decode()
    assert len({line.rsplit(" ", 2)[1] for line in quads.splitlines()}) >= 3, "named graphs"


def test_again_nothing_is_done_unless_something_has_changed(site: Site) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.folder.rglob("*") if path.is_file()}
    result = site.run()
    assert (result.exit_code, "Nothing has changed" in result.output) == (0, True)
    assert {path: path.stat().st_mtime_ns for path in site.folder.rglob("*") if path.is_file()} == before
    assert {path.name for path in site.folder.parent.iterdir()} == {"kb"}, "nothing is left beside"


@pytest.mark.parametrize("address", ["kb", "ftp://example.org/", "https://a b/", "https://x.test/?q", "http://[x"])
def test_what_is_no_address_of_a_site_is_refused(site: Site, address: str) -> None:
    result = site.run("other", "--base-url", address)
    assert result.exit_code == 2
    assert "--base-url" in result.output
    assert not (site.folder.parent / "other").exists()


def test_the_search_suggests_by_keyboard_and_leads_to_pages(site: Site, opened: Callable[..., Any]) -> None:
    with opened(viewport=PHONE) as page:
        box = page.get_by_role("search", name="Search", exact=True).get_by_role("combobox")
        box.focus()
        page.keyboard.type("holl")
        option = page.get_by_role("search", name="Search", exact=True).get_by_role("option").first
        expect(option).to_contain_text("Sea holly")
        expect(page.get_by_text("1 suggestions, use the arrow keys")).to_be_attached()
        page.keyboard.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site.address}plant/sea-holly.html")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sea holly")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
        link = page.locator("main a.entity").first
        link.hover()
        expect(page.get_by_role("tooltip")).to_contain_text(link.inner_text())


def test_the_page_of_the_search_says_what_it_found(site: Site, opened: Callable[..., Any]) -> None:
    with opened("search.html") as page:
        field = page.get_by_role("searchbox").or_(page.get_by_role("combobox")).last
        field.fill("gras marram")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"search\.html\?q=gras"))
        expect(page.get_by_role("status").first).to_have_text(re.compile(r"^2 results"))
        expect(page.locator("main li.neighbour a.entity").first).to_have_text("Marram grass")
        expect(page.locator("main mark").first).to_be_visible()
        expect(page.get_by_role("group", name="Class").get_by_role("checkbox")).to_have_count(2)
    with opened("search.html?q=holy") as page:
        expect(page.get_by_text("Showing results for")).to_be_visible()
        expect(page.locator("main li.neighbour")).to_have_count(3)
    with opened("search.html?q=zzzz", viewport=PHONE) as page:
        expect(page.get_by_role("status").first).to_have_text("0 results.")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_scripts_the_search_is_a_list_of_all(opened: Callable[..., Any]) -> None:
    with opened("search.html", java_script_enabled=False) as page:
        page.get_by_role("link", name="Marram grass").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Marram grass")
    with opened("sparql.html", java_script_enabled=False) as page:
        expect(page.get_by_text("Queries run in the browser here, and need scripts.")).to_be_visible()


def test_texts_are_folded_as_on_the_server(site: Site, opened: Callable[..., Any]) -> None:
    known = json.loads((site.folder / "search/letters.json").read_text(encoding="utf-8"))
    assert known["folds"]["ø"] == "o"
    assert "ς" not in known["folds"], "no name has Greek letters"
    texts = [*TEXTS, *any_texts(500)]
    table = letters(frozenset("".join(word for text in texts for word in words_of(text))))
    with opened("search.html") as page:
        page.route("**/letters.json", lambda route: route.fulfill(json=table))
        script = (
            "async (texts) => Promise.all(texts.map(async (t) => (await staticSite.wordsOf(t)).map((o) => o.word)))"
        )
        assert page.evaluate(script, texts) == [words_of(text) for text in texts]


def test_queries_run_in_the_browser_and_can_be_stopped(site: Site, opened: Callable[..., Any]) -> None:
    query = "SELECT ?label { ?x skos:prefLabel ?label } ORDER BY ?label"
    with opened(f"sparql.html?query={query}") as page:
        said = page.locator("#status")
        expect(said).to_have_text(re.compile(r"^[1-9]\d* rows\.$"), timeout=60_000)
        expect(page.get_by_role("region", name="Answer").get_by_text("Sea holly").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV").click()
        assert Path(download.value.path()).read_bytes().startswith(b"label\r\n")

        def run(text: str) -> None:
            page.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)
            page.get_by_role("button", name="Run the query").click()

        run("ASK { ?x a owl:Class }")
        expect(said).to_have_text("Yes.")
        run("CONSTRUCT { ?x a ?c } WHERE { ?x a ?c . ?x skos:prefLabel ?label }")
        expect(said).to_have_text(re.compile(r"^[1-9]\d* triples\.$"))
        run("SELECT ?x WHERE { ?x }")
        expect(page.get_by_role("alert")).to_contain_text("error at 1:")
        run("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("alert")).to_have_text("The query was stopped.")
        run("ASK { ?x a owl:Class }")
        expect(said).to_have_text("Yes.", timeout=60_000)
