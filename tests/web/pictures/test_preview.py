"""The pictures beside links: what they say, in every script, and that they are drawn."""

from __future__ import annotations

import re
import struct

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.formats.raster import given_to_draw, png, png_of
from server.web.open_release import OpenRelease
from server.web.pictures.files import FONTS
from server.web.pictures.lettering import lines_of, width_of
from server.web.pictures.preview import HEIGHT, WIDTH, drawn, preview_of


@pytest.fixture
def release(client: FlaskClient) -> OpenRelease:
    return client.application.extensions["akb"].release()


def size_of(content: bytes) -> tuple[int, int]:
    """Return the size of a picture (PNG, section 11.2.2)."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", content[16:24])


def test_an_entity_has_a_picture_of_the_size_that_others_ask_for(client: FlaskClient) -> None:
    answer = client.get("/concept/alignment-faking/preview.png")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert size_of(answer.data) == (1200, 630)
    assert "max-age" in answer.headers["Cache-Control"]
    again = client.get("/concept/alignment-faking/preview.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/concept/alignment-faking/preview.png").data == answer.data
    assert client.get("/claim/an-8b-model-shows-it/preview.png").data != answer.data


def test_the_site_has_one_and_an_unknown_entity_none(client: FlaskClient) -> None:
    assert size_of(client.get("/preview.png").data) == (1200, 630)
    assert client.get("/concept/no-such-thing/preview.png").status_code == 404


def test_pages_name_their_picture_title_and_summary(client: FlaskClient) -> None:
    def tags(path: str) -> dict[str, str]:
        text = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True).text
        return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', text))

    base = "https://w3id.org/alignment-kb/"
    entity = tags("/concept/alignment-faking")
    assert entity["og:title"] == "Alignment Faking · concept · Alignment KB"
    assert entity["og:type"] == "article"
    assert entity["og:url"] == f"{base}concept/alignment-faking"
    assert entity["og:image"] == f"{base}concept/alignment-faking/preview.png"
    assert entity["og:description"]
    assert entity["twitter:card"] == "summary_large_image"
    assert tags("/")["og:url"] == base
    assert tags("/concept?page=1&utm_source=feed")["og:url"] == f"{base}concept"
    assert tags("/paper?size=5&page=2&utm_source=feed")["og:url"] == f"{base}paper?size=5&amp;page=2"
    for path in ("/", "/about", "/docs/search", "/search?q=faking", "/sparql", "/ontology", "/path"):
        found = tags(path)
        assert found["og:title"], path
        assert found["og:image"] == f"{base}preview.png", path
    assert tags("/concept/no-such-thing") == {}


def test_a_name_is_as_large_as_fits_and_what_does_not_fit_is_cut(release: OpenRelease) -> None:
    short = preview_of(release, "Faking", "Why not.", "concept")
    long = preview_of(release, "word " * 200, "word " * 900, "concept")
    assert short.size > long.size
    assert long.name[-1].text.endswith(" …")
    assert long.text[-1].text.endswith(" …")
    assert max(line.y for line in (*long.name, *long.text)) < 540, "above the line of the site"
    assert (short.kind, bool(short.glyph)) == ("concept", True)
    assert preview_of(release, "A site", "").kind == ""


def test_what_is_written_from_the_right_begins_there(release: OpenRelease) -> None:
    [line] = preview_of(release, "مكافأة", "").name
    assert (line.anchor, line.x) == ("end", 1120)
    assert preview_of(release, "Reward مكافأة", "").name[0].anchor == "start"


@given(st.text(), st.integers(4, 60), st.integers(0, 6))
def test_lines_are_within_their_bounds_and_lose_no_letter_but_at_their_end(text: str, width: int, most: int) -> None:
    lines = lines_of(text, width, most)
    assert len(lines) <= most
    assert all(width_of(line) <= width + 2 for line in lines)
    if lines_of(text, width, most + 1)[most:] == () and lines:
        kept = "".join(lines).replace(" ", "")
        assert kept == "".join(
            re.findall(r"\S+", re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", text))
        )


def test_lines_of_scripts_without_blanks_end_anywhere() -> None:
    assert lines_of("篡改行為と報酬", 6, 9) == ("篡改行", "為と報", "酬")
    assert lines_of("Strasse", 3, 9) == ("Str", "ass", "e")


@pytest.mark.parametrize(
    "text", ["篡改行為", "مكافأة", "हिन्दी", "a\u0301\u0327" * 40, "<&>\"'", "\u202e\u2066x", "🙂" * 9, ""]
)
def test_every_text_is_drawn(text: str, release: OpenRelease, client: FlaskClient) -> None:
    with client.application.test_request_context():
        assert size_of(drawn(release, preview_of(release, text, text, "concept"))) == (WIDTH, HEIGHT)


def test_letters_of_the_fonts_that_come_with_the_engine_are_drawn_without_any_of_the_system() -> None:
    """Each letter looks unlike the box that stands for one that no font has."""

    def of(letter: str) -> bytes:
        text = f'<text y="30" font-size="30">{letter}</text>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
        return png_of(png(None, None, {}, given_to_draw(svg, FONTS, "DejaVu Sans")))  # type: ignore[arg-type]

    box = of("\U0010fffd")
    for letter in "AßřΩЖאبԱა≤→":
        assert of(letter) != box, letter
