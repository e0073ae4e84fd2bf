"""The map of the base over HTTP: a picture without scripts, and data for the one with."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.build.map.records import HEIGHT, WIDTH, Place
from server.web.pictures.lettering import extent
from server.web.pictures.map import Label, labels, scale

SVG = "{http://www.w3.org/2000/svg}"
PLACES = st.lists(
    st.builds(
        Place,
        id=st.integers(0, 999).map(lambda number: f"concept:c{number}"),
        label=st.text(max_size=120),
        edges=st.integers(0, 5000),
        x=st.integers(0, WIDTH),
        y=st.integers(0, HEIGHT),
    ),
    max_size=60,
)


def test_the_picture_has_a_mark_for_each_entity_and_says_what_it_is(client: FlaskClient) -> None:
    data = client.get("/map.json").json
    response = client.get("/map.svg")
    assert (response.status_code, response.content_type) == (200, "image/svg+xml; charset=utf-8")
    root = ElementTree.fromstring(response.data)
    assert len(root.findall(f".//{SVG}use")) == len(data["entities"]) > 50
    assert root.find(f"{SVG}path[@class='web']").attrib["d"].count("M") == len(data["links"])
    assert str(len(data["entities"])) in root.find(f"{SVG}desc").text
    assert root.attrib["role"] == "img"
    assert root.find(f".//{SVG}text").text


def test_what_the_script_gets_is_whole(client: FlaskClient) -> None:
    data = client.get("/map.json").json
    for entity in data["entities"][:10]:
        assert client.get(f"/{entity['id'].replace(':', '/')}.json").json["label"] == entity["label"]
        assert data["classes"][entity["id"].partition(":")[0]]["shape"]
    assert all(0 <= one < other < len(data["entities"]) for one, other in data["links"])


def test_the_home_page_has_the_picture_and_lists_without_a_script(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"}).text
    assert '<img src="/map.svg"' in page
    assert "in the lists above" in " ".join(page.split())
    assert page.index('href="/concept"') < page.index("/map.svg")


def box(label: Label) -> tuple[float, float, float, float]:
    """Return what a name takes: left, top, right, bottom."""
    return label.x - label.half, label.y - 14, label.x + label.half, label.y + 6


@given(PLACES)
def test_no_name_lies_over_another_or_outside(places: list[Place]) -> None:
    found = labels(places)
    boxes = [box(label) for label in found]
    for label, (left, _, right, _) in zip(found, boxes, strict=True):
        assert right - left >= extent(label.text, 13) > 0
        assert left >= 0
        assert right <= WIDTH
        assert 0 < label.y < HEIGHT + 21
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] + 0.01 or other[2] <= one[0] + 0.01 or one[3] <= other[1] or other[3] <= one[1]


def test_a_mark_is_the_larger_the_more_edges_it_has_within_bounds() -> None:
    sizes = [scale(Place("concept:a", "A", edges, 0, 0)) for edges in (0, 1, 10, 60, 5000)]
    assert sizes == sorted(sizes)
    assert 0.2 < sizes[0] < sizes[-1] < 1.2
