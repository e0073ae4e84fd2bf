"""The list of a class: filters and sorting in its address, the same in every format; the page for people in parts."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from server.serialization import HTML, LINKSET, MARKDOWN, document_formats
from tests.made import CLASSES

SELECTIONS = [
    ("claim", "status=contested"),
    ("claim", "kind=finding"),
    ("claim", "kind=finding&kind=prediction&status=active"),
    ("claim", "name=MODEL"),
    ("paper", "since=2024&until=2024"),
    ("paper", "until=2023"),
    ("paper", "since=2025&sort=oldest&name=faking"),
    ("thinker", "kind=person"),
    ("question", "kind=open"),
    ("concept", "name=%22%5C%27%7D"),
    ("paper", "topic=concept:alignment-faking"),
    ("paper", "author=thinker:joseph-carlsmith&year=2023"),
    ("paper", "author=Carson+Denison"),
    ("paper", "organization=thinker:anthropic"),
    ("claim", "evidence=both"),
    ("claim", "evidence=for&evidence=both&topic=concept:compliance-gap"),
]


def ids(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["entities"]]


@pytest.mark.parametrize(("name", "query"), SELECTIONS)
def test_a_selection_is_the_same_in_every_format_and_in_its_query(name: str, query: str, client: FlaskClient) -> None:
    wanted = ids(client, f"/{name}.json?{query}")
    everything = ids(client, f"/{name}.json")
    assert set(wanted) < set(everything)
    assert client.get(f"/{name}.json?{query}").json["count"] == len(wanted)
    assert [row["id"] for row in csv.DictReader(io.StringIO(client.get(f"/{name}.csv?{query}").text))] == wanted
    page = client.get(f"/{name}.html?{query}").text
    assert [
        re.sub("/", ":", found, count=1) for found in re.findall(r'<a class="entity [\w-]+" href="/([^"]+)"', page)
    ] == wanted
    assert re.findall(r"`([a-z]+:[\w-]+)`", client.get(f"/{name}.md?{query}").text) == wanted
    triples = client.get(f"/{name}.nt?{query}").text
    assert sorted(re.findall(r'/identifier> "([^"]+)"', triples)) == sorted(wanted)
    if wanted:
        [address] = re.findall(r'<p class="hint"><a class="number" href="([^"]+)"', page)
        [counting] = parse_qs(urlsplit(unescape(address)).query)["query"]
        answer = client.get("/sparql", query_string={"query": counting, "format": "json"}).json
        assert answer["results"]["bindings"][0]["count"]["value"] == str(len(wanted))
    else:
        assert "Show all" in page


@pytest.mark.parametrize("name", CLASSES)
def test_sorting_leaves_nothing_out(name: str, client: FlaskClient) -> None:
    everything = client.get(f"/{name}.json").json["entities"]
    by_name = client.get(f"/{name}.json?sort=name").json["entities"]
    labels = [one["label"].casefold() for one in by_name]
    assert labels == sorted(labels)
    assert len(by_name) == len(everything)
    dates = [one["issued"] or "" for one in client.get(f"/{name}.json?sort=newest").json["entities"]]
    assert dates == sorted(dates, reverse=True)
    oldest = [one["issued"] or "9999" for one in client.get(f"/{name}.json?sort=oldest").json["entities"]]
    assert oldest == sorted(oldest)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("status=nonsense", "contested"),
        ("kind=person", "finding"),
        ("sort=colour", "newest"),
        ("since=soon", "since"),
        ("since=-", "since"),
        ("until=12345678901", "until"),
        ("name=" + "x" * 101, "100"),
    ],
)
def test_what_there_is_not_is_an_error_that_says_what_there_is(query: str, named: str, client: FlaskClient) -> None:
    answer = client.get(f"/claim?{query}")
    assert answer.status_code == 400
    assert named in answer.json["detail"]


def test_an_address_has_one_form_and_empty_parameters_say_nothing(client: FlaskClient) -> None:
    plain = client.get("/paper", headers={"Accept": "application/json"})
    empty = client.get("/paper?status=&kind=&since=&until=&name=&sort=", headers={"Accept": "application/json"})
    assert empty.text == plain.text
    assert empty.headers["Content-Location"] == "/paper.json"
    jumbled = client.get("/paper?sort=newest&name=&since=2024", headers={"Accept": "text/csv"})
    assert jumbled.headers["Content-Location"] == "/paper.csv?since=2024&sort=newest"


def test_the_form_shows_what_was_asked_for(client: FlaskClient) -> None:
    page = client.get("/paper.html?since=2024&sort=oldest&name=a%22b").text
    assert 'pattern="-?[0-9]{1,9}" maxlength="10" value="2024"' in page
    assert '<option value="oldest" selected>' in page
    assert 'value="a&#34;b"' in page
    assert 'name="since"' not in client.get("/concept.html").text


def shown(page: str) -> list[str]:
    """Return the ids of the entities on a page, in order."""
    return [one.replace("/", ":", 1) for one in re.findall(r'<a class="entity [\w-]+" href="/([^"]+)"', page)]


@pytest.mark.parametrize("query", ["", "kind=finding", "status=active&name=a&sort=name"])
def test_the_pages_hold_the_whole_list_in_its_order_with_the_counts_of_the_whole(
    query: str, client: FlaskClient
) -> None:
    wanted = ids(client, f"/claim.json?{query}")
    address, seen, number = f"/claim.html?{query}&size=4", [], 0
    while address:
        page, number = client.get(address).text, number + 1
        assert len(shown(page)) == min(4, len(wanted) - len(seen))
        [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        listed = json.loads(data)["mainEntity"]
        assert listed["numberOfItems"] == len(wanted)
        assert [one["position"] for one in listed["itemListElement"]] == [
            len(seen) + place for place in range(1, len(shown(page)) + 1)
        ]
        seen += shown(page)
        assert f"of {len(wanted)}; the downloads below contain all of them." in page
        assert f"Page {number} of {-(-len(wanted) // 4)}" in page
        assert '<input type="hidden" name="size" value="4">' in page
        following = re.findall(r'<a href="([^"]+)" rel="next">', page)
        address = unescape(following[0]) if following else ""
        assert not address or address == f"/claim.html?{query}{'&' * bool(query)}size=4&page={number + 1}"
    assert seen == wanted
    assert number > 1


@pytest.mark.parametrize(
    "chosen", [one for one in (*document_formats(), LINKSET) if one not in {HTML, MARKDOWN}], ids=lambda one: one.name
)
def test_data_are_whole_whatever_the_page(chosen: object, client: FlaskClient) -> None:
    """RFC 9110, section 8.7: one Content-Location is one representation."""
    wanted = client.get("/paper", headers={"Accept": chosen.media_type})
    for query in ("page=2&size=3", "page=99", "size=1"):
        answer = client.get(f"/paper?{query}", headers={"Accept": chosen.media_type})
        assert answer.status_code == 200
        assert answer.text == wanted.text
        assert answer.headers["Content-Location"] == f"/paper.{chosen.name}"
        assert answer.headers["ETag"] == wanted.headers["ETag"]
        assert answer.headers["Link"] == wanted.headers["Link"]
        assert client.get(f"/paper.{chosen.name}?{query}").text == wanted.text
        assert client.get(f"/paper?{query}", headers={"Accept": "text/html"}).status_code == (
            404 if query == "page=99" else 200
        )


def test_a_page_of_html_has_an_address_of_its_own_and_leads_to_whole_data(client: FlaskClient) -> None:
    answer = client.get("/paper?size=3&page=2&sort=name", headers={"Accept": "text/html"})
    assert answer.headers["Content-Location"] == "/paper.html?sort=name&size=3&page=2"
    assert '</paper.ttl?sort=name>; rel="alternate"' in answer.headers["Link"]
    assert '<link rel="alternate" href="/paper.ttl?sort=name"' in answer.text
    assert "<title>Papers, page 2 of " in answer.text
    again = client.get("/paper?size=3&page=2&sort=name", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    first = client.get("/paper?size=3&sort=name", headers={"If-None-Match": answer.headers["ETag"]})
    assert first.status_code == 200


def test_a_list_that_fits_on_a_page_says_nothing_of_pages(client: FlaskClient) -> None:
    page = client.get("/paper.html").text
    assert 'class="pages"' not in page
    assert "the downloads below contain" not in page


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("page=2", 404, "There is no page 2; the last one is page 1."),
        ("page=3&name=nothing+is+called+so", 404, "the last one is page 1."),
        ("page=0", 400, "whole number from 1"),
        ("page=two", 400, "whole number from 1"),
        ("size=0", 400, "whole number from 1 to 1000"),
        ("size=1001", 400, "whole number from 1 to 1000"),
    ],
)
def test_a_page_that_is_not_there_is_refused_in_words(query: str, status: int, said: str, client: FlaskClient) -> None:
    for address in (f"/paper?{query}", f"/paper.html?{query}"):
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == status
        assert said in unescape(answer.text)
    if status == 400:
        assert client.get(f"/paper.ttl?{query}").status_code == 400
