"""Dates as people and programs write them in records: in numbers, with names of months, or with words beside them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from typing import Final

from ..records.dates import Date

_MONTHS: Final = {name.lower()[:3]: number for number, name in enumerate(calendar.month_name) if number}
_NUMBERS: Final = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?"
    r"(?:[T ]\d{1,2}:[\d:.]*(?:Z|[+-]\d{2}:?\d{2})?|/+)?(?!\d)"
)
_DAY_FIRST: Final = re.compile(r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)")
_MONTH_FIRST: Final = re.compile(r"(?<![\d/.-])(?P<month>\d{1,2})[/.-](?P<year>\d{4})(?![\d/.-])")
_NAMED: Final = re.compile(r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.IGNORECASE)
_DAY: Final = re.compile(r"(?<!\d)([0-3]?\d)(?:st|nd|rd|th)?(?!\d)")


def dated(text: str) -> tuple[Date | None, str]:
    """Return the date that a text has, and what else it says; None where it has no year.

    Of several dates, such as the ends of a span, it is the first.

    >>> dated("2024-12-18"), dated("18 Dec. 2024"), dated("in press")
    ((Date(year=2024, month=12, day=18), ''), (Date(year=2024, month=12, day=18), ''), (None, 'in press'))
    """
    text = " ".join(text.split())
    if named := _of_words(text):
        return named
    return _of_numbers(text) or (None, text)


def of_parts(parts: Sequence[object]) -> Date | None:
    """Return the date that a list of year, month and day has, as CSL and Crossref write it."""
    numbers = []
    for part in parts[:3]:
        text = str(part if part is not None else "").strip()
        if not re.fullmatch(r"-?\d{1,5}", text) or int(text) == 0:
            break
        numbers.append(int(text))
    return _valid(*numbers) if numbers else None


def of_fields(year: str, month: str, day: str = "") -> tuple[Date | None, str]:
    """Return the date of a year, a month and a day that are in fields of their own, and what else they say."""
    date, rest = dated(year)
    if date is None or date.month:
        return date, " ".join(part for part in (rest, month, day) if part)
    number = _month(month)
    if not number:
        return date, " ".join(part for part in (rest, month, day) if part)
    # "12 December" and "dec # "~12"" are usual.
    found = _DAY.search(day) or _DAY.search(re.sub(r"^\d{1,2}$", "", month.strip()))
    return _valid(date.year, number, int(found[1]) if found else 0), rest


def refined(one: Date | None, other: Date | None) -> Date | None:
    """Return of two dates of one work the earlier one; where one lies in the other, the more exact one."""
    if one is None or other is None:
        return one or other
    if all(first == second or not first or not second for first, second in zip(one, other, strict=True)):
        return max(one, other)
    return min(one, other)


def _of_numbers(text: str) -> tuple[Date, str] | None:
    if found := _DAY_FIRST.search(text):
        first, second, year = int(found["day"]), int(found["month"]), int(found["year"])
        rest = _without(text, found)
        if first > 12 >= second:
            return _valid(year, second, first), rest
        if second > 12 >= first:
            return _valid(year, first, second), rest
        # 3/4/2024 is March to some and April to others.
        return Date(year), (rest if first == second else f"{rest} {found[0]}".strip())
    if found := _MONTH_FIRST.search(text):
        return _valid(int(found["year"]), int(found["month"])), _without(text, found)
    if (found := _NUMBERS.search(text)) and int(found["year"]):
        date = _valid(int(found["year"]), int(found["month"] or 0), int(found["day"] or 0))
        return date, _without(text, found)
    return None


def _of_words(text: str) -> tuple[Date, str] | None:
    month, year = _NAMED.search(text), re.search(r"(?<!\d)\d{4}(?!\d)", text)
    if not month or not year:
        return None
    # A day is beside the month: "18 Dec", "Dec 18".
    before, after = text[: month.start()], text[month.end() : year.start()]
    day = re.search(r"([0-3]?\d)(?:st|nd|rd|th)?\s*$", before) or re.match(r"\s*([0-3]?\d)(?:st|nd|rd|th)?[\s,]", after)
    rest = text
    for part in (month[0], year[0], day[1] if day else ""):
        rest = rest.replace(part, " ", 1) if part else rest
    rest = re.sub(r"\b(?:st|nd|rd|th)\b|[,.\s]+", " ", rest).strip()
    return _valid(int(year[0]), _month(month[0]), int(day[1]) if day else 0), rest


def _month(text: str) -> int:
    if found := _NAMED.search(text):
        return _MONTHS[found["month"].lower()]
    number = re.fullmatch(r"\s*(\d{1,2})\s*", text)
    return int(number[1]) if number and 1 <= int(number[1]) <= 12 else 0


def _valid(year: int, month: int = 0, day: int = 0) -> Date:
    """Return a date as far as it can be: months that are none are seasons and errors."""
    if not 1 <= month <= 12:
        return Date(year)
    # The calendar repeats itself every 400 years.
    return Date(year, month, day if 1 <= day <= calendar.monthrange(2000 + year % 400, month)[1] else 0)


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()).strip(" ,;/")
