"""How dates and numbers are worded for people."""

from __future__ import annotations

from datetime import datetime

from ..records.dates import date_of


def human_date(value: str | datetime) -> str:
    """Return a year, month or day as people write it; anything else as it is."""
    text = value if isinstance(value, str) else value.date().isoformat()
    found = date_of(text)
    return found.words if found else text


def html_date(value: str) -> str:
    """Return a date as the `datetime` of an element of HTML, or nothing where HTML has no form of it."""
    found = date_of(value)
    return found.in_html if found else ""


def human_number(number: int) -> str:
    """Return a number with its thousands set apart."""
    return f"{number:,}"
