"""A count leads to the list of what it counts, that of a list to the query that counts it; the number is the same."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.made import CLASSES, GAPS

NUMBER = re.compile(r'<a class="number" href="([^"]+)"[^>]*>(\d+)</a>')
EMPTY = ("post", "book", "report", "venue")
"""Classes of which the small base has nothing."""
PAGES = {
    "/": 3,
    "/browse.html": 1,
    "/about.html": 3,
    **{f"/{name}.html": 1 if name in EMPTY else 2 for name in CLASSES},
    "/.well-known/void.html": 60,
    "/debates.html": 1,
    "/timeline.html": 1,
    "/open-questions.html": 1,
    **{f"/gaps/{gap.name}.html": 1 for gap in GAPS},
    "/concept/alignment-faking.html": 2,
    "/concept/alignment-faking/neighbourhood.html": 30,
}
"""Pages, and how many counts each has at least."""


LISTS: dict[str, set[str]] = {}
"""The counts of lists, by address."""


def counts_of_list(client: FlaskClient, address: str) -> set[str]:
    """Return the counts on a page of a list that lead to queries."""
    if address not in LISTS:
        page = client.get(address, headers={"Accept": "text/html"}).text
        LISTS[address] = {number for query, number in NUMBER.findall(page) if query.startswith("/sparql?")}
    return LISTS[address]


@pytest.mark.parametrize("path", PAGES)
def test_a_count_is_that_of_its_list_or_what_its_query_yields(path: str, client: FlaskClient) -> None:
    found = NUMBER.findall(client.get(path).text)
    assert len(found) >= PAGES[path]
    for address, number in found:
        parts = urlsplit(unescape(address))
        if parts.path != "/sparql":
            assert number in counts_of_list(client, address), address
            continue
        [query] = parse_qs(parts.query)["query"]
        assert query.startswith("# "), "it says what it asks"
        answer = client.get("/sparql", query_string={"query": query, "format": "json"}).json
        assert [row["count"]["value"] for row in answer["results"]["bindings"]] == [number], query


@pytest.mark.parametrize("path", PAGES)
def test_no_count_stands_alone(path: str, client: FlaskClient) -> None:
    page = re.sub(r"<a class=\"number\".*?</a>", "#", client.get(path).text)
    # What is chosen by a box in a form cannot be a link: the form leads to the list that has the count.
    page = re.sub(r"<label>.*?</label>", " ", page, flags=re.DOTALL)
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "#" in words
    assert re.findall(r"\b\d+ (?:entit|edge|neighbour|statement|inferred)\w*", words) == []
    assert re.findall(r"\(\d+\)", words) == []


def test_the_query_of_a_count_runs_in_the_editor(client: FlaskClient) -> None:
    address, number = NUMBER.findall(client.get("/browse.html").text)[0]
    page = client.get(unescape(address), headers={"Accept": "text/html"}).text
    assert f"<td>{number}</td>" in page
    assert "SELECT (COUNT(DISTINCT ?entity) AS ?count)" in unescape(page)
