"""Dates of which the year, the month or the day is known, as the data write them (XSD 1.1, part 2, 3.3.9 to 3.3.11).

Years are whole, of whatever length, and may be before the common era: `-0350` is shown as 350 BCE, as XSD 1.0 has it
and as most who write it mean it, though XSD 1.1 counts a year 0. A zone does not say when a work came out.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache
from typing import Final, NamedTuple

_MONTHS: Final = tuple(calendar.month_name)
DATE: Final = (
    r"^\s*(-?[0-9]{1,9})"
    # A decimal year, as numbers are written; else the month and the day, and of a time no more than the day.
    r"(\.[0-9]+|-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(T[0-9:.]+)?)?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?\s*$"
)
"""What a date is, by what regular expressions of Python and SPARQL have in common: queries find the same dates.

The first group is the year, the second all that is more exact.
"""
_DATE: Final = re.compile(DATE)
_YEAR_GROUP, _MONTH_GROUP, _DAY_GROUP = 1, 3, 5
_YEAR: Final = re.compile(r"-?[0-9]{4,}(?![0-9.])")
"""A year as XSD writes it, which tells it from other numbers."""


class Date(NamedTuple):
    """A year, a month or a day; what is not known is 0, and so comes before what is."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def moment(self) -> int:
        """A number that is the greater the later the date."""
        return (self.year * 13 + self.month) * 32 + self.day

    @property
    def datatype(self) -> str:
        """The name of the datatype of XSD that is as exact."""
        return "date" if self.day else "gYearMonth" if self.month else "gYear"

    @property
    def words(self) -> str:
        """The date as people write it."""
        day = [str(self.day)] if self.day else []
        month = [_MONTHS[self.month]] if self.month else []
        return " ".join([*day, *month, self.year_in_words])

    @property
    def year_in_words(self) -> str:
        """The year as people write it."""
        return str(self.year) if self.year >= 0 else f"{-self.year} BCE"

    @property
    def iso(self) -> str:
        """The date as XSD writes it, without a zone."""
        return self.written("-")

    @property
    def in_html(self) -> str:
        """The date as the `datetime` of an element of HTML (HTML, section 2.3.5), which knows no year before 1."""
        return self.iso if self.year > 0 else ""

    def written(self, divider: str) -> str:
        """Return the date in numbers, the year first."""
        year = f"{self.year:04}" if self.year >= 0 else f"-{-self.year:04}"
        return divider.join([year, *(f"{part:02}" for part in (self.month, self.day) if part)])


@lru_cache(maxsize=4096)
def date_of(text: str) -> Date | None:
    """Return the date that a text is, or None where it is none that can be ordered by time.

    >>> date_of("2024-12-18+05:30"), date_of("-0350"), date_of("in spring")
    (Date(year=2024, month=12, day=18), Date(year=-350, month=0, day=0), None)
    """
    found = _DATE.match(text)
    return Date(*(int(part or 0) for part in found.group(_YEAR_GROUP, _MONTH_GROUP, _DAY_GROUP))) if found else None


def is_within(text: str, whole: str) -> bool:
    """Tell whether a date as XSD writes it is in the year, the month or the day that another text is.

    >>> is_within("-0350-03Z", "-350"), is_within("2024", "2024-12"), is_within("0.95", "0.8")
    (True, False, False)
    """
    if not _YEAR.match(text.strip()) or "." in whole:
        return False
    date, period = date_of(text), date_of(whole)
    if date is None or period is None or date.year != period.year:
        return False
    return all(known in {part, 0} for part, known in zip(date[1:], period[1:], strict=True))


def moment_of(text: str) -> int | None:
    """Return the moment of the date that a text is, or None."""
    found = date_of(text)
    return found.moment if found else None


def by_time(text: str) -> tuple[bool, int, str]:
    """Return a key by which texts are sorted by time; what is no date comes before all dates."""
    moment = moment_of(text)
    return moment is not None, moment or 0, text
