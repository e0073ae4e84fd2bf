"""Which addresses become files, what these are called, and how links lead from one to another."""

from __future__ import annotations

from posixpath import join, normpath
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.web.export.addresses import Place, file_of, leading_to, needs_server, place_of

SITE = "https://example.org/kb/"


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("/kb/concept/x", Place("/concept/x")),
        ("/kb/concept/x.ttl", Place("/concept/x.ttl")),
        ("https://example.org/kb/concept/x#edge-1", Place("/concept/x", "", "edge-1")),
        ("/kb/concept?page=2", Place("/concept?page=2")),
        ("/kb/concept?page=1", Place("/concept")),
        ("/kb/concept?status=contested&page=2", Place("/concept")),
        ("/kb/static/style.css?v=1", Place("/static/style.css", "v=1")),
        ("/kb/sparql?query=ASK%20%7B%7D", Place("/sparql", "query=ASK%20%7B%7D")),
        ("/kb/sparql?query=ASK%20%7B%7D&format=json", Place("/sparql")),
        ("/kb/search?q=x&class=concept", Place("/search", "q=x&class=concept")),
        ("/kb/explain?subject=concept:x", Place("")),
        ("/kb/concept/x?at=2026", Place("")),
        ("/other", None),
        ("/kbx", None),
        ("https://example.com/kb/", None),
        ("mailto:a@example.org", None),
        ("http://[", None),
    ],
)
def test_links_of_the_site_are_told_from_others(link: str, place: Place | None) -> None:
    assert place_of(link, "/claim/y", SITE) == place


@pytest.mark.parametrize(
    ("address", "content_type", "file"),
    [
        ("/", "text/html; charset=utf-8", "index.html"),
        ("/concept", "text/html", "concept.html"),
        ("/concept.html?page=2", "text/html", "concept.page-2.html"),
        ("/concept/x/neighbourhood.csl.json?page=3", "application/json", "concept/x/neighbourhood.page-3.csl.json"),
        ("/concept/x.linkset.json", "application/linkset+json", "concept/x.linkset.json"),
        ("/ontology/0.1.0", "text/html", "ontology/0.1.0.html"),
        ("/sparql/completions", "application/json", "sparql/completions.json"),
        ("/.well-known/void.ttl", "text/turtle", ".well-known/void.ttl"),
        ("/concept/caf%C3%A9.ttl", "text/turtle", "concept/café.ttl"),
        ("/concept/%2E%2E/x.ttl", "text/turtle", None),
        (f"/concept/{'x' * 300}.ttl", "text/turtle", None),
    ],
)
def test_a_file_has_the_extension_of_its_format(address: str, content_type: str, file: str | None) -> None:
    assert file_of(address, content_type) == file


@given(st.text(max_size=30), st.sampled_from(["text/html", "text/turtle", "application/x-unknown"]))
def test_no_file_is_outside_of_the_folder(path: str, content_type: str) -> None:
    file = file_of(f"/{path}", content_type)
    assert file is None or (not normpath(join("/site", file)).startswith("/site/..") and not file.startswith("/"))
    assert file is None or normpath(join("/site", file)).startswith("/site/")


names = st.text(st.characters(blacklist_characters="/\\\0", blacklist_categories=["Cs"]), min_size=1, max_size=12)
files = st.lists(names.filter(lambda one: one not in {".", ".."}), min_size=1, max_size=4).map("/".join)


@given(files, files)
def test_a_relative_link_leads_from_any_file_to_any_other(file: str, source: str) -> None:
    assume(not source.startswith(f"{file}/"))  # a file is no folder
    link = leading_to(file, source, "q=1", "place")
    found = urlsplit(urljoin(f"http://files.test/kb/{quote(source)}", link))
    assert (unquote(found.path), found.query, found.fragment) == (f"/kb/{file}", "q=1", "place")


@pytest.mark.parametrize("address", ["/path", "/explain.json", "/reconcile/1.0/match", "/search.json", "/random"])
def test_what_depends_on_a_question_needs_a_server(address: str) -> None:
    assert needs_server(address)
    assert not needs_server("/paths-of-glory")
    assert not needs_server("/search")
