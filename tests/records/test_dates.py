"""Dates as data have them: years of any length and sign, zones, and texts that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.records.dates import Date, by_time, date_of, is_within


@pytest.mark.parametrize(
    ("text", "date", "words", "iso"),
    [
        ("2024-12-18", Date(2024, 12, 18), "18 December 2024", "2024-12-18"),
        ("2024-12-18+05:30", Date(2024, 12, 18), "18 December 2024", "2024-12-18"),
        ("2024-12-18T10:00:00.5Z", Date(2024, 12, 18), "18 December 2024", "2024-12-18"),
        ("2024-12-14:00", Date(2024, 12), "December 2024", "2024-12"),
        ("2021Z", Date(2021), "2021", "2021"),
        ("12024", Date(12024), "12024", "12024"),
        ("-0350", Date(-350), "350 BCE", "-0350"),
        ("-0350-03-15", Date(-350, 3, 15), "15 March 350 BCE", "-0350-03-15"),
        ("2024.0", Date(2024), "2024", "2024"),
        ("350", Date(350), "350", "0350"),
    ],
)
def test_a_date_is_read_whole(text: str, date: Date, words: str, iso: str) -> None:
    """XSD 1.1, part 2, sections 3.3.9 to 3.3.11; HTML, section 2.3.5."""
    found = date_of(text)
    assert (found, date.words, date.iso) == (date, words, iso)
    assert date.in_html == (iso if date.year > 0 else "")


@pytest.mark.parametrize(
    "text", ["", "in spring", "2024-13", "2024-12-32", "2024-1", "1999-2001", "1234567890", "٢٠٢٤"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_of(text) is None


@given(st.text(max_size=20))
def test_any_text_is_read_and_ordered(text: str) -> None:
    assert date_of(text) is None or by_time(text) > by_time("no date")


DATES = st.builds(
    lambda year, month, day: Date(year, month, day if month else 0),
    st.integers(-20_000, 20_000),
    st.integers(0, 12),
    st.integers(0, 31),
)


@given(DATES, DATES, st.sampled_from(["", "Z", "+05:30", "-14:00"]))
def test_dates_are_written_as_they_are_read_and_ordered_by_time(one: Date, other: Date, zone: str) -> None:
    assert date_of(f"{one.iso}{zone}") == one
    assert (one.moment < other.moment) == (one < other)
    assert (by_time(one.iso)[:2] < by_time(other.iso)[:2]) == (one < other)


@pytest.mark.parametrize(
    ("text", "whole", "fits"),
    [
        ("2024-12-18", "2024", True),
        ("2024-12-18+05:30", "2024-12", True),
        ("2024-12-18T10:00:00.5Z", "2024-12-18", True),
        ("2021Z", "2021", True),
        ("-0350", "-350", True),
        ("-0350-03", "-350", True),
        ("-0350", "350", False),
        ("2024-12-18", "2024-11", False),
        ("2024", "2024-12", False),
        ("12024", "1202", False),
        ("7", "007", False),
        ("0.95", "0.8", False),
        ("2024.5", "2024", False),
        ("in spring", "in spring", False),
    ],
)
def test_a_date_is_within_what_is_less_exact(text: str, whole: str, *, fits: bool) -> None:
    assert is_within(text, whole) is fits
