"""Identifiers of others, in the ways in which people write them."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.knowledge.identifiers import identified, identifiers
from server.records.identifiers import address_of, arxiv_of, doi_of, keys_at, keys_of
from server.store.embedded import Store

PAPER = "https://w3id.org/alignment-kb/paper/alignment-faking-in-llms"
KNOWN = {
    "doi:10.1000/182_(x)": "a",
    "doi:10.1000/456#789%20x?y=1": "f",
    "doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o": "g",
    "doi:10.1000.10/7": "h",
    "arxiv:2412.14093": "b",
    "arxiv:cs/0112017": "c",
    "http://www.wikidata.org/entity/Q42": "d",
    "https://example.org/the same": "e",
}


def test_the_identifiers_of_a_base_are_found(store: Store) -> None:
    known = identifiers(store)
    assert known["arxiv:2412.14093"] == known["doi:10.48550/arxiv.2412.14093"] == PAPER


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("10.1000/182_(x)", "a"),
        ("doi:10.1000/182_(X)", "a"),
        ("DOI: 10.1000/182_(x)", "a"),
        ("https://doi.org/10.1000/182_(x)", "a"),
        ("http://dx.doi.org/10.1000/182_(x)", "a"),
        ("https://doi.org/10.1000%2F182_(x)", "a"),
        ("info:doi/10.1000/182_(x)", "a"),
        ("doi.org/10.1000/182_(x)", "a"),
        ("WWW.DOI.ORG/10.1000/182_(X)", "a"),
        ("HTTPS://DOI.ORG/10.1000%2F182_(X)", "a"),
        ("urn:doi:10.1000/182_(x)", "a"),
        ("https://doi.org/doi:10.1000/182_(x)", "a"),
        ("https://doi.org/10.1000/182_(x)?utm_source=feed", "a"),
        ("https://doi.org/10.1000/182_(x)#abstract", "a"),
        ("10.1000/182_(x)#abstract", None),
        ("10.1000.10/7", "h"),
        ("10.1000/456#789%20x?y=1", "f"),
        ("10.1000/456%23789%2520x%3Fy=1", "f"),
        ("https://doi.org/10.1000/456%23789%2520x%3Fy=1", "f"),
        ("https://doi.org/10.1000/456#789%20x?y=1", "f"),
        ("10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", "g"),
        ("https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O", "g"),
        ("2412.14093", "b"),
        ("2412.14093v3", "b"),
        ("arXiv:2412.14093", "b"),
        ("https://arxiv.org/abs/2412.14093v1", "b"),
        ("http://export.arxiv.org/pdf/2412.14093.pdf", "b"),
        ("arxiv.org/abs/2412.14093", "b"),
        ("https://arxiv.org/abs/2412.14093?context=cs", "b"),
        ("10.48550/arXiv.2412.14093", "b"),
        ("https://doi.org/10.48550/arXiv.2412.14093", "b"),
        ("cs/0112017", "c"),
        ("arXiv:cs/0112017v1", "c"),
        ("Q42", "d"),
        ("wd:Q42", "d"),
        ("wikidata:q42", "d"),
        ("https://www.wikidata.org/wiki/Q42", "d"),
        ("http://www.wikidata.org/entity/Q42", "d"),
        ("https://www.wikidata.org/entity/Q42", "d"),
        ("https://example.org/the same", "e"),
        ("https://example.org/the%20same", "e"),
        ("Q4", None),
        ("Q042", None),
        ("10.1000/", None),
        ("2412.1409", None),
        ("https://arxiv.example/abs/2412.14093", None),
        ("", None),
    ],
)
def test_an_identifier_is_known_in_the_usual_ways_of_writing_it(text: str, iri: str | None) -> None:
    assert identified(KNOWN, text) == iri


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert identified(KNOWN, text) in {*KNOWN.values(), None}


@given(st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1))
def test_the_address_of_a_doi_is_one_and_leads_back_to_it(rest: str) -> None:
    """RFC 3986, section 2.2; ISO 26324: a DOI may have any character in its name."""
    doi = f"10.1000/{rest}"
    address = address_of("https://doi.org/{value}", doi)
    assert urlsplit(address)[3:] == ("", "")
    assert unquote(urlsplit(address).path) == f"/{doi}"
    key = f"doi:{doi.lower()}"
    assert all(key in keys for keys in (keys_at(address), keys_of(address), keys_of(doi)))
    in_query = address_of("https://example.org/?doi={value}", doi)
    assert parse_qs(urlsplit(in_query).query, keep_blank_values=True) == {"doi": [doi]}


BEFORE = ["", "doi:", "DOI: ", "info:doi/", "urn:doi:", "https://doi.org/", "http://dx.doi.org/", "doi.org/"]


@pytest.mark.parametrize("before", BEFORE)
def test_data_may_have_more_than_the_doi(before: str) -> None:
    """Citations have the identifier alone, and the page leads to where it is found."""
    assert doi_of(f"{before}10.1000/a(b)c") == "10.1000/a(b)c"
    address = address_of("https://doi.org/{value}", f"{before}10.1000/a(b)c")
    assert keys_at(address) == ["doi:10.1000/a(b)c"]


def test_an_address_is_that_of_the_template_or_a_value_of_it() -> None:
    assert arxiv_of("https://arxiv.org/abs/2412.14093v2") == arxiv_of("arXiv:2412.14093v2") == "2412.14093v2"
    assert (doi_of("no DOI"), arxiv_of("no id")) == ("no DOI", "no id")
    archived = address_of("https://archive.example/{value}", "https://doi.org/10.1000/1")
    assert archived == "https://archive.example/https://doi.org/10.1000/1"
    assert address_of("https://doi.org/{value}", "https://notdoi.org/1").startswith("https://doi.org/https")


def test_segments_of_dots_stay_in_an_address() -> None:
    """RFC 3986, section 5.2.4."""
    for doi in ("10.1000/a/../c", "10.1000/.", "10.1000/a/./b"):
        address = address_of("https://doi.org/{value}", doi)
        assert urljoin("https://example.org/", address) == address
        assert keys_at(address) == [f"doi:{doi}"]
    assert address_of("https://doi.org/{value}", "10.1000/a.b..c") == "https://doi.org/10.1000/a.b..c"
