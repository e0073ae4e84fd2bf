"""A walk through the graph over HTTP: all by links, the whole way in the address, and pictures to keep."""

from __future__ import annotations

import re
import struct
from html import unescape
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

AF, GM = "concept:alignment-faking", "concept:goal-misgeneralization"
SVG = "{http://www.w3.org/2000/svg}"


def marks(page: str, drawing: str = "wide") -> dict[str, tuple[str, bool]]:
    """Return where the mark of each entity leads, and whether it is open."""
    [drawn] = re.findall(rf'<svg class="picture {drawing}[ "].*?</svg>', page, re.DOTALL)
    found = re.findall(r'<a class="mark[^>]* href="([^"]+)" data-id="([^"]+)" aria-expanded="(\w+)"', drawn)
    return {curie: (unescape(href), is_open == "true") for href, curie, is_open in found}


def test_the_picture_grows_and_shrinks_by_links_alone(client: FlaskClient) -> None:
    first = client.get(f"/explore.html?open={AF}")
    assert "style=" not in first.text
    before = marks(first.text)
    assert before[AF] == (f"/explore?open={AF}", True)
    other = next(curie for curie in before if curie != AF)
    href, is_open = before[other]
    assert (href, is_open) == (f"/explore?open={AF}&open={other}", False)
    page = client.get(href, headers={"Accept": "text/html"}).text
    after = marks(page)
    assert before.keys() < after.keys()
    assert after[other] == (f"/explore?open={AF}", True)
    assert marks(page, "narrow").keys() == after.keys()
    # The way, what is beside each in words with the page of each, and the way on.
    way = re.search(r'<ol class="way">.*?</ol>', page, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', way) == [f"/explore?open={AF}", f"/explore?open={AF}&amp;open={other}"]
    words = page.split('id="in-words"')[1]
    for curie in after:
        assert f'href="/{curie.replace(":", "/")}"' in words
    assert f'name="open" value="{other}"' in page


def test_a_filter_stays_on_the_way(client: FlaskClient) -> None:
    page = client.get(f"/explore.html?open={AF}&predicate=extends&size=3").text
    assert 0 < len(marks(page)) - 1 <= 3
    assert all("predicate=extends&size=3" in href for href, _ in marks(page).values())
    assert re.search(r'value="extends" checked', page)
    said = client.get(f"/explore.json?open={AF}&predicate=akb:extends").json
    assert {edge["notation"] for edge in said["edges"]} == {"extends"}
    assert [one["notation"] for one in said["predicates"] if one["selected"]] == ["extends"]
    assert len({edge["id"] for edge in said["edges"]}) == len(said["edges"])


def test_the_picture_is_kept_as_svg_and_png(client: FlaskClient) -> None:
    query = f"open={AF}&open={GM}"
    shown = client.get(f"/explore.json?{query}").json["entities"]
    drawn = client.get(f"/explore.svg?{query}")
    assert drawn.content_type == "image/svg+xml; charset=utf-8"
    assert "unsafe" not in drawn.headers["Content-Security-Policy"]
    root = ElementTree.fromstring(drawn.data)
    assert {link.attrib["href"] for link in root.findall(f".//{SVG}a")} == {
        "/" + one["id"].replace(":", "/") for one in shown
    }
    png = client.get(f"/explore.png?{query}")
    assert (png.content_type, png.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png.data[16:24])
    assert width == pytest.approx(2 * float(root.attrib["width"]), abs=2)
    assert height == pytest.approx(2 * float(root.attrib["height"]), abs=2)
    assert "X-Robots-Tag" in png.headers


def test_names_are_taken_and_what_is_unknown_is_asked_about(client: FlaskClient) -> None:
    assert marks(client.get("/explore.html?open=Alignment+Faking").text)[AF][1]
    asked = client.get("/explore", headers={"Accept": "text/html"})
    assert asked.status_code == 200
    assert 'href="/explore?open=' in asked.text
    wrong = client.get(f"/explore.html?open={AF}&open=alignmnt+fakin+nowhere")
    assert wrong.status_code == 404
    assert marks(wrong.text)[AF]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/explore.json", 400),
        ("/explore.png", 400),
        ("/explore.svg?open=concept:nowhere", 404),
        (f"/explore.json?open={AF}&predicate=nowhere", 400),
        (f"/explore.json?open={AF}&size=41", 400),
        (f"/explore?{'&'.join(f'open={nth}' for nth in range(25))}", 400),
        (f"/explore?open={'a' * 301}", 400),
        (f"/explore.ttl?open={AF}", 404),
    ],
)
def test_what_cannot_be_answered_is_said(address: str, status: int, client: FlaskClient) -> None:
    assert client.get(address).status_code == status


def test_an_entity_leads_to_its_walk(client: FlaskClient) -> None:
    for page in ("/concept/alignment-faking.html", "/concept/alignment-faking/neighbourhood.html"):
        assert f'href="/explore?{urlencode({"open": AF})}"' in client.get(page).text
