"""What pages word otherwise than the data do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.formats.wording import human_date, human_number
from server.web.pages.wording import with_code


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2024-12-18", "18 December 2024"),
        ("2024-03-01", "1 March 2024"),
        ("2024-06", "June 2024"),
        ("2024", "2024"),
        ("2024-12-18T10:00:00Z", "18 December 2024"),
        ("2024-13-40", "2024-13-40"),
        ("no date", "no date"),
        ("", ""),
        (datetime(2026, 11, 21, 23, 59, tzinfo=UTC), "21 November 2026"),
    ],
)
def test_a_date_is_worded_and_what_is_none_stays_as_it_is(value: str, shown: str) -> None:
    assert human_date(value) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (999, "999"), (1565, "1,565"), (1234567, "1,234,567")])
def test_thousands_are_set_apart(number: int, shown: str) -> None:
    assert human_number(number) == shown


def test_code_in_a_text_is_code_and_all_else_is_escaped() -> None:
    assert with_code("run `akb <x>` & see") == "run <code>akb &lt;x&gt;</code> &amp; see"
