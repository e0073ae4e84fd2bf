"""Pages of a resource: each thing stands on one of them, and their addresses have one form."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, NotFound

from server.serialization import JSON
from server.web.http.paging import Pages, asked_pages


@given(total=st.integers(0, 500), size=st.integers(1, 60))
def test_the_next_page_leads_to_the_last_and_all_of_them_hold_each_thing_once(total: int, size: int) -> None:
    app, address, seen = Flask(__name__), "/things", []
    while address:
        with app.test_request_context(address):
            pages = asked_pages("/things", 20, 60).of(total) if seen else Pages("/things", 1, size, 20).of(total)
        seen += range(total)[pages.skipped : pages.skipped + pages.size]
        assert (pages.page == 1) == ("prev" not in pages.steps())
        assert (pages.page == pages.last) == ("next" not in pages.steps())
        address = pages.steps().get("next", "")
    assert seen == list(range(total))
    with pytest.raises(NotFound, match=f"the last one is page {pages.last}"):
        Pages("/things", pages.last + 1, size, 20).of(total)


@given(st.lists(st.tuples(st.sampled_from(["q", "class"]), st.text(min_size=1, max_size=9))), st.integers(1, 99))
def test_an_address_says_what_selects_then_the_size_then_the_page(selected: list[tuple[str, str]], size: int) -> None:
    pages = Pages("/things", 3, size, 20, tuple(selected), last=9)
    said = [*selected, *([("size", str(size))] if size != 20 else [])]
    assert parse_qsl(pages.query(1)) == said
    assert parse_qsl(pages.query()) == [*said, ("page", "3")]
    parts = urlsplit(pages.address(chosen=JSON))
    assert (parts.path, parts.query) == ("/things.json", pages.query())
    assert [(link.relation, link.target) for link in pages.links()] == list(pages.steps().items())


def test_what_is_usual_goes_without_saying() -> None:
    """RFC 8288, section 2.1.1: relation types are those of IANA's registry."""
    pages = Pages("/things", 1, 20, 20, last=2)
    assert pages.address() == "/things"
    assert pages.steps(JSON) == {"first": "/things.json", "next": "/things.json?page=2", "last": "/things.json?page=2"}


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=" + "9" * 400, "page=²", "size=0", "size=61", "size="])
def test_what_is_no_number_is_refused(query: str) -> None:
    with Flask(__name__).test_request_context(f"/things?{query}"), pytest.raises(BadRequest, match="whole number"):
        asked_pages("/things", 20, 60)
