"""The picture of a neighbourhood: SVG 2 that people can read, in a page and alone, under a strict policy."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.records.pages import Direction, EntityPage, EntityRef, Group, Link, Neighbour
from server.schema.schema import Schema
from server.web.pictures.around import MOST, narrow, wide
from server.web.pictures.drawing import Drawing, wrapped
from tests.made import CLASSES

AF = "/concept/alignment-faking"
SVG = "{http://www.w3.org/2000/svg}"


def page_of(names: list[str]) -> EntityPage:
    """An entity with so many neighbours, of all classes in turn."""
    link = Link(
        "edge:0",
        "akb:associatedWith",
        "associated_with",
        "is associated with",
        Direction.BOTH,
        *["", None, "", "", "active"],
    )
    groups: dict[str, list[Neighbour]] = {}
    for number, name in enumerate(names):
        kind = CLASSES[number * len(CLASSES) // len(names)]
        ref = EntityRef(f"https://example.org/{number}", f"{kind}:{number}", name, kind)
        groups.setdefault(kind, []).append(Neighbour(ref, len(names) - number, (link,)))
    return EntityPage(
        entity=EntityRef("https://example.org/x", "concept:x", "The one in the middle", "concept"),
        type_label="concept",
        status="active",
        alt_labels=(),
        facts=(),
        sources=(),
        groups=tuple(Group(kind, kind, tuple(of_kind)) for kind, of_kind in groups.items()),
    )


def neighbours(page: EntityPage) -> list[Neighbour]:
    return [one for group in page.groups for one in group.neighbours]


def boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """Return about what place each name takes: left, top, right, bottom."""
    found = []
    for mark in drawing.marks[1:]:
        width = max(map(len, mark.lines), default=0) * 7.4
        left = mark.x + mark.shift - (width if mark.side == "end" else 0)
        half = 8 * len(mark.lines) + 6
        found.append((left, mark.y - half, left + width, mark.y + half))
    return found


@given(
    st.lists(
        st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=200),
        min_size=1,
        max_size=MOST - 1,
    )
)
def test_no_name_lies_over_another_or_outside_whatever_the_names_are(names: list[str]) -> None:
    page = page_of(names)
    for drawing in (wide(page, neighbours(page), ()), narrow(page, neighbours(page))):
        places = boxes(drawing)
        assert len(places) == len(names)
        for left, top, right, bottom in places:
            assert 0 <= left <= right <= drawing.width
            assert 0 <= top < bottom <= drawing.height
        for one, other in combinations(places, 2):
            apart_across = one[2] <= other[0] or other[2] <= one[0]
            assert apart_across or one[3] <= other[1] + 1 or other[3] <= one[1] + 1


@given(st.text(max_size=300), st.integers(8, 60), st.integers(1, 4))
def test_names_are_cut_into_lines_of_a_width(text: str, width: int, most: int) -> None:
    lines = wrapped(text, width, most)
    assert len(lines) <= most
    assert all(len(line) <= width for line in lines)
    if len(text) < width - 2:
        assert " ".join(lines).split() == text.split()


def test_every_class_has_a_shape_of_its_own(schema: Schema) -> None:
    assert tuple(schema.looks) == CLASSES
    assert len({look.glyph for look in schema.looks.values()}) == len(CLASSES)


def test_the_page_shows_its_neighbours_as_links_with_names(client: FlaskClient) -> None:
    page = client.get(f"{AF}/neighbourhood.html").text
    section = re.search(r'<section class="pictured".*?</section>', page, re.DOTALL)[0]
    [drawn, narrow_one] = re.findall(r"<svg class=\"picture.*?</svg>", section, re.DOTALL)
    listed = set(
        re.findall(
            r'<a class="entity [\w-]+" href="([^"]+)"', page.split('class="pictured"')[0].split('class="filter"')[1]
        )
    )
    for svg in (drawn, narrow_one):
        marks = re.findall(r'<a class="mark[^>]*href="([^"]+)"[^>]*>\s*<title>([^<]+)</title>', svg)
        assert len(marks) > 20
        assert {href for href, _ in marks} - {AF} <= listed
        assert all(title.strip() for _, title in marks)
    assert "Alignment Faking extends it" in section
    assert "style=" not in section
    assert "<style" not in section


def test_a_page_has_a_small_picture_of_the_most_connected_beside_its_text(client: FlaskClient) -> None:
    page = client.get(f"{AF}.html").text
    [drawn] = re.findall(r"<svg class=\"picture small.*?</svg>", page, re.DOTALL)
    marks = re.findall(r'<a class="mark[^>]*href="([^"]+)"', drawn)
    assert len(marks) == 11
    assert "style=" not in drawn
    assert f'href="{AF}/neighbourhood#picture"' in page


def test_a_picture_alone_is_xml_and_brings_its_colours_under_a_strict_policy(client: FlaskClient) -> None:
    response = client.get(f"{AF}/picture.svg")
    assert (response.status_code, response.content_type) == (200, "image/svg+xml; charset=utf-8")
    root = ElementTree.fromstring(response.data)
    assert root.tag == f"{SVG}svg"
    links = root.findall(f".//{SVG}a")
    assert 20 < len(links) <= MOST
    for link in links:
        assert link.attrib["href"].startswith("/")
        assert link.find(f"{SVG}title").text
    # CSP 3, section 6.7.3.3: the hash is of the text of the element.
    style = root.find(f"{SVG}style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert b"style=" not in response.data.replace(style.encode(), b"")


def test_the_same_neighbourhood_gives_the_same_picture(client: FlaskClient) -> None:
    first = client.get(f"{AF}/picture.svg")
    again = client.get(f"{AF}/picture.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/concept/nowhere/picture.svg", 404),
        ("/nowhere/x/picture.svg", 404),
    ],
)
def test_of_what_is_not_there_is_no_picture(path: str, status: int, client: FlaskClient) -> None:
    assert client.get(path).status_code == status
