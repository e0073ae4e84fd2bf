"""What other sites show for a link to an entity: a card in a frame, and how oEmbed 1.0 says so."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

AF = "/concept/alignment-faking"
IRI = f"https://w3id.org/alignment-kb{AF}"


def test_a_page_says_where_it_is_described_and_what_that_says_can_be_shown(client: FlaskClient) -> None:
    page = client.get(f"{AF}.html").text
    found = re.findall(r'<link rel="alternate" type="(\S+)\+oembed" href="([^"]+)" title="Alignment Faking">', page)
    assert [kind for kind, _ in found] == ["application/json", "text/xml"]
    answers = [client.get(f"/oembed?{urlsplit(unescape(address)).query}") for _, address in found]
    assert [one.mimetype for one in answers] == ["application/json", "text/xml"]
    said = answers[0].json
    assert (said["version"], said["type"], said["title"]) == ("1.0", "rich", "Alignment Faking")
    assert {one.tag: one.text for one in ElementTree.fromstring(answers[1].data)} == {
        name: str(value) for name, value in said.items()
    }
    frame = re.fullmatch(
        r'<iframe src="([^"]+)" width="(\d+)" height="(\d+)" title="[^"]+" loading="lazy"></iframe>', said["html"]
    )
    assert frame is not None
    assert (frame[2], frame[3]) == (str(said["width"]), str(said["height"]))
    assert said["html"] in unescape(page), "it is on the page, to be copied"
    shown = client.get(urlsplit(frame[1]).path.removeprefix("/alignment-kb"))
    assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]
    assert "script" not in shown.headers["Content-Security-Policy"] + shown.text
    assert 'rel="license' in shown.text
    # Another page is in nobody's frame.
    assert "frame-ancestors 'none'" in client.get(f"{AF}.html").headers["Content-Security-Policy"]


@pytest.mark.parametrize("url", [IRI, f"{IRI}.html?x=y#related", f"http://localhost{AF}", "concept:alignment-faking"])
def test_an_entity_is_found_by_the_addresses_of_its_page(url: str, client: FlaskClient) -> None:
    assert client.get("/oembed", query_string={"url": url}).json["title"] == "Alignment Faking"


def test_it_is_no_larger_than_what_is_asked_for(client: FlaskClient) -> None:
    small = client.get("/oembed", query_string={"url": IRI, "maxwidth": 300, "maxheight": 100}).json
    assert (small["width"], small["height"]) == (300, 100)
    assert 'width="300" height="100"' in small["html"]
    assert "thumbnail_url" not in small
    large = client.get("/oembed", query_string={"url": IRI, "maxwidth": 5000}).json
    assert large["width"] < 500
    assert large["thumbnail_width"] == 1200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        (f"url={IRI}&maxwidth=wide", 400),
        (f"url={IRI}x", 404),
        ("url=https://example.org/", 404),
        ("url=https://w3id.org/alignment-kb/concept/%3Cx%3E", 404),
        (f"url={IRI}&format=yaml", 501),
    ],
)
def test_what_cannot_be_answered_is_said(query: str, status: int, client: FlaskClient) -> None:
    answer = client.get(f"/oembed?{query}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
