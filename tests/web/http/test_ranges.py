"""Ranges of bytes (RFC 9110, section 14)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from server.web.http.ranges import wanted_part

MODIFIED = datetime(2026, 11, 21, 8, 24, 2, 500, tzinfo=UTC)
DATE = "Sat, 21 Nov 2026 08:24:02 GMT"
BIG = ["/concept.nt", "/paper.csv", "/claim.json", "/ontology.ttl", "/map.json", "/concept/alignment-faking.html"]
"""Documents that are made in memory: lists as data, and others."""


def part(asked: str, size: int = 100, method: str = "GET", **more: str) -> tuple[int, int] | None:
    found = wanted_part({"REQUEST_METHOD": method, "HTTP_RANGE": asked, **more}, size, "tag", MODIFIED)
    return found and (found.start, found.stop)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 120))
def test_a_range_is_what_slicing_gives(first: int, last: int, size: int) -> None:
    text = bytes(range(size))
    for asked, wanted in (
        (f"bytes={first}-", text[first:]),
        (f"Bytes={first}-{last}", text[first : last + 1]),
        (f"bytes=-{last}", text[-last:] if last else b""),
    ):
        if asked.startswith("B") and last < first:
            assert part(asked, size) is None
        elif not wanted:
            with pytest.raises(RequestedRangeNotSatisfiable):
                part(asked, size)
        else:
            start, stop = part(asked, size) or (0, 0)
            assert text[start:stop] == wanted


@pytest.mark.parametrize("asked", ["lines=0-9", "bytes=0-1,4-5", "bytes=a-b", "bytes=-", "bytes", "", "bytes=9-5"])
def test_what_is_no_range_is_passed_over(asked: str) -> None:
    assert part(asked) is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('"tag"', True),
        ('"x"', False),
        ('W/"tag"', False),
        (DATE, True),
        ("Sat, 21 Nov 2026 08:24:03 GMT", False),
        ("x", False),
    ],
)
def test_a_range_is_of_the_representation_that_the_client_has(condition: str, *, holds: bool) -> None:
    """13.1.5: by a strong tag, or by the very date."""
    assert (part("bytes=0-9", HTTP_IF_RANGE=condition) is not None) is holds


def test_a_range_is_for_get_alone() -> None:
    assert part("bytes=0-9", method="HEAD") is None
    assert wanted_part({"REQUEST_METHOD": "GET"}, 100, "tag", None) is None


@pytest.mark.parametrize("path", BIG)
def test_a_document_comes_in_ranges_whether_it_is_cached_or_not(path: str, client: FlaskClient) -> None:
    def ask(**headers: str) -> object:
        return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    first = ask(Range="bytes=0-9")
    whole = ask()
    again = ask(Range="bytes=0-9", If_Range=whole.headers["ETag"])
    assert whole.headers["Accept-Ranges"] == "bytes"
    for response in (first, again):
        assert (response.status_code, response.data) == (206, whole.data[:10])
        assert response.headers["Content-Range"] == f"bytes 0-9/{len(whole.data)}"
        assert response.content_length == 10
        for name in ("ETag", "Cache-Control", "Vary", "Content-Type", "Last-Modified"):
            assert response.headers[name] == whole.headers[name], name
    assert ask(Range="bytes=-5").data == whole.data[-5:]
    assert ask(Range="bytes=10-", If_Range='"x"').data == whole.data
    assert ask(Range="bytes=0-9", If_None_Match=whole.headers["ETag"]).status_code == 304
    beyond = ask(Range=f"bytes={len(whole.data)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole.data)}")
    assert ask().data == whole.data, "the part is not kept for the whole"
    coded = ask(Range="bytes=0-9", Accept_Encoding="gzip")
    assert coded.data == ask(Accept_Encoding="gzip").data[:10], "a range of what is sent"
    assert client.head(path, headers={"Range": "bytes=0-9"}).status_code == 200
