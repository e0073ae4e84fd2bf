"""A reading list in an address: as a page, as data and as references, in the order in which it was put together."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import urlencode
from xml.etree import ElementTree

import rispy
from flask.testing import FlaskClient
from pybtex.database import parse_string

IDS = [
    "paper:scheming-ais",
    "concept:alignment-faking",
    "paper:alignment-faking-in-llms",
    "thinker:evan-hubinger",
]


def address(ids: list[str], extension: str = "", **more: str) -> str:
    return f"/reading-list{extension}?{urlencode([*more.items(), *(('id', one) for one in ids)])}"


def test_it_is_the_same_list_in_every_format(client: FlaskClient) -> None:
    assert [one["id"] for one in client.get(address(IDS, ".json")).json["entities"]] == IDS
    table = list(csv.DictReader(io.StringIO(client.get(address(IDS, ".csv")).text)))
    assert [row["id"] for row in table] == IDS
    assert table[2]["arxiv"] == "2412.14093"
    assert table[2]["authors"].startswith("Ryan Greenblatt; Carson Denison")
    assert re.findall(r"`(\w+:[\w-]+)`", client.get(address(IDS, ".md")).text) == IDS
    assert len(parse_string(client.get(address(IDS, ".bib")).text, "bibtex").entries) == len(IDS)
    assert len(rispy.loads(client.get(address(IDS, ".ris")).text)) == len(IDS)
    assert [one["id"] for one in client.get(address(IDS, ".csl.json")).json] == [one.partition(":")[2] for one in IDS]
    page = client.get(address(IDS, ".html", title="On faking")).text
    assert "<h1>On faking</h1>" in page
    listed = page.split('<ol class="neighbours"')[1].split("</ol>")[0]
    assert re.findall(r'<a class="entity [\w-]+" href="/([^"]+)"', listed) == [one.replace(":", "/") for one in IDS]


def test_an_entry_is_taken_out_by_a_link_and_put_in_by_name(client: FlaskClient) -> None:
    page = client.get(address(IDS, ".html", title="A")).text
    links = [unescape(one) for one in re.findall(r'<a class="remove" href="([^"]+)"', page)]
    assert links == [address([one for one in IDS if one != out], title="A") for out in IDS]
    named = client.get(address([IDS[0], "Alignment Faking", IDS[0]], ".json")).json
    assert [one["id"] for one in named["entities"]] == IDS[:2]


def test_what_is_unknown_is_said_and_left_out(client: FlaskClient) -> None:
    answer = client.get(address([IDS[0], "paper:never-written-so"], ".html"))
    assert answer.status_code == 200
    assert "<q>paper:never-written-so</q>" in answer.text
    assert client.get(address([f"paper:p{one}" for one in range(101)])).status_code == 400
    assert client.get(address(["x" * 301])).status_code == 400
    assert "<h1>Reading list</h1>" in client.get("/reading-list.html").text


def test_its_picture_has_all_entries_and_the_edges_between_them(client: FlaskClient) -> None:
    answer = client.get(address(IDS, "/picture.svg"))
    assert answer.mimetype == "image/svg+xml"
    tree = ElementTree.fromstring(answer.text)
    found = [one.get("href") for one in tree.iter("{http://www.w3.org/2000/svg}a")]
    assert found == ["/" + one.replace(":", "/") for one in IDS]
    lines = [one.get("data-ends") for one in tree.iter("{http://www.w3.org/2000/svg}path") if one.get("data-ends")]
    assert {"1 2", "2 3", "0 2"} <= {*lines}
    assert client.get("/reading-list/picture.svg").status_code == 404


def test_lists_offer_to_choose_without_scripts(client: FlaskClient) -> None:
    page = client.get("/paper.html").text
    assert '<form class="choosing" id="choosing" method="get" action="/compare"' in page
    assert 'formaction="/reading-list"' in page
    boxes = re.findall(r'<input type="checkbox" name="id" value="([^"]+)" form="choosing">', page)
    assert boxes == [one["id"] for one in client.get("/paper.json").json["entities"]]
