"""The list of a class: filters and sorting in its address, the same in every format."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from server.namespaces import PAGE_CLASSES

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
        re.sub("/", ":", found, count=1) for found in re.findall(r'<a class="entity \w+" href="/([^"]+)"', page)
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


@pytest.mark.parametrize("name", PAGE_CLASSES)
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
        ("until=99999", "until"),
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
    assert 'name="since" inputmode="numeric" pattern="[0-9]{4}" maxlength="4" value="2024"' in page
    assert '<option value="oldest" selected>' in page
    assert 'value="a&#34;b"' in page
    assert 'name="since"' not in client.get("/concept.html").text
