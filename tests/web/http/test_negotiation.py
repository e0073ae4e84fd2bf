"""Content negotiation (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask, Request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotAcceptable
from werkzeug.test import EnvironBuilder

from server.serialization import HTML, LINKSET, PROBLEM_FORMATS, document_formats, triples_formats
from server.web.http.negotiation import by_parameter, choose, choose_or_none, named

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def request(accept: str | None) -> Request:
    headers = {} if accept is None else {"Accept": accept}
    return Flask(__name__).request_class(EnvironBuilder(headers=headers).get_environ())


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "html"),
        ("", "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("text/turtle", "ttl"),
        ("TEXT/TURTLE", "ttl"),
        ("text/turtle;q=0.5, application/ld+json", "jsonld"),
        ("text/turtle;q=0.5, application/ld+json;q=0.4", "ttl"),
        ("application/json", "json"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml, */*;q=0.1", "rdf"),
        ("text/html;q=0, text/*", "ttl"),
        ("application/*", "jsonld"),  # the answer would not be application/xhtml+xml
        ("text/turtle; charset=utf-8", "ttl"),
        ("nonsense, text/turtle", "ttl"),
        ("text/turtle; version=1.2", "ttl"),
        ("text/rdf+n3", "ttl"),
    ],
)
def test_the_client_gets_what_it_wants_most(accept: str | None, name: str) -> None:
    assert choose(request(accept), document_formats()).name == name


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "application/pdf, image/*"])
def test_what_we_do_not_have_is_refused_with_what_we_have(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose(request(accept), document_formats())
    for candidate in document_formats():
        assert candidate.media_type in str(caught.value.description)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_accept_header_breaks_the_choice(accept: str) -> None:
    with suppress(NotAcceptable):
        assert choose(request(accept), document_formats()) in document_formats()


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("*/*", False),
        (None, False),
        ("application/json", False),
        ("text/turtle", False),
        ("application/json, text/html;q=0.5", False),
        ("application/problem+json;q=0.2, text/html;q=0.5", True),
    ],
)
def test_an_error_is_a_page_for_those_who_name_html(accept: str | None, page: bool) -> None:
    assert (choose_or_none(request(accept), PROBLEM_FORMATS) is HTML) is page


def test_a_format_is_found_by_its_extension() -> None:
    assert named("html", document_formats()) is HTML
    assert named("exe", document_formats()) is None


FORMATS = {
    "turtle n3 N3 TTL text/turtle text/rdf+n3 application/x-turtle": "ttl",
    "json-ld JSON-LD jsonld application/ld+json ld+json json application/json": "jsonld",
    "ntriples N-Triples nt text/plain application/n-triples": "nt",
    "xml RDF/XML rdf rdf+xml rdfxml rdf-xml pretty-xml application/rdf+xml": "rdf",
    "nquads N-Quads nq text/x-nquads": "nq",
    "trig TriG application/x-trig": "trig",
}
"""What engines and people call the formats of triples."""


@pytest.mark.parametrize(("names", "name"), FORMATS.items(), ids=FORMATS.values())
def test_a_format_is_found_by_what_engines_and_people_call_it(names: str, name: str) -> None:
    for value in names.split():
        found = by_parameter(value, triples_formats())
        assert found is not None, value
        assert found.name == name, value
    assert by_parameter("nothing", triples_formats()) is None
    assert by_parameter("", triples_formats()) is None


def test_extensions_and_media_types_are_each_used_once() -> None:
    every = (*document_formats(), LINKSET)
    assert len({candidate.name for candidate in every}) == len(every)
    assert len({candidate.media_type for candidate in every}) == len(every)
