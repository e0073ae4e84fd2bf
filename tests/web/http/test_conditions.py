"""Preconditions in their order (RFC 9110, section 13.2.2)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.http.conditions import verdict

ETAG = "abc"
MODIFIED = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
BEFORE, AT, AFTER = (f"Sat, 21 Nov 2026 {hour}:00:00 GMT" for hour in (11, 12, 13))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        # 13.1.1: the comparison is strong, and * stands for anything there is.
        ({"If-Match": '"abc"'}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"x", "abc"'}, 200),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": 'W/"abc"'}, 412),
        ({"If-Match": ""}, 412),
        # 13.1.2: the comparison is weak.
        ({"If-None-Match": '"abc"'}, 304),
        ({"If-None-Match": 'W/"abc"'}, 304),
        ({"If-None-Match": '"x", W/"abc"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-None-Match": '"ABC"'}, 200),
        # 13.1.3
        ({"If-Modified-Since": BEFORE}, 200),
        ({"If-Modified-Since": AT}, 304),
        ({"If-Modified-Since": AFTER}, 304),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": ""}, 200),
        # 13.1.4
        ({"If-Unmodified-Since": BEFORE}, 412),
        ({"If-Unmodified-Since": AT}, 200),
        ({"If-Unmodified-Since": AFTER}, 200),
        ({"If-Unmodified-Since": "yesterday"}, 200),
        # 13.2.2: a tag counts for more than a date, and the conditions of a change for more than those of a reading.
        ({"If-Match": '"abc"', "If-Unmodified-Since": BEFORE}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": AFTER}, 200),
        ({"If-None-Match": '"abc"', "If-Modified-Since": BEFORE}, 304),
        ({"If-Match": '"x"', "If-None-Match": '"abc"'}, 412),
        ({"If-Match": '"abc"', "If-None-Match": '"abc"'}, 304),
        ({"If-Unmodified-Since": BEFORE, "If-None-Match": '"abc"'}, 412),
        ({"If-Unmodified-Since": AFTER, "If-Modified-Since": AT}, 304),
    ],
    ids=str,
)
def test_conditions(headers: dict[str, str], status: int) -> None:
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    assert verdict(environ, ETAG, MODIFIED) == status


def test_a_condition_by_date_counts_for_nothing_where_no_date_is_known() -> None:
    assert verdict({"HTTP_IF_MODIFIED_SINCE": AFTER}, ETAG, None) == 200
    assert verdict({"HTTP_IF_UNMODIFIED_SINCE": BEFORE}, ETAG, None) == 200


NAMES = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_no_header_makes_it_fail(environ: dict[str, str]) -> None:
    assert verdict(environ, ETAG, MODIFIED) in {200, 304, 412}
