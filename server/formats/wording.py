"""How dates and numbers are worded for people."""

from __future__ import annotations

import calendar
import re
from datetime import datetime
from typing import Final

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MONTHS: Final = tuple(calendar.month_name)


def human_date(value: str | datetime) -> str:
    """Return a year, month or day (XSD 1.1, part 2, section 3.3) as people write it; anything else as it is."""
    if isinstance(value, datetime):
        value = value.date().isoformat()
    found = _DATE.match(value)
    if found is None or (found[2] and not 1 <= int(found[2]) <= 12):
        return value
    year, month, day = found[1], found[2], found[3]
    words = [str(int(day))] if day else []
    words += [_MONTHS[int(month)]] if month else []
    return " ".join([*words, year])


def human_number(number: int) -> str:
    """Return a number with its thousands set apart."""
    return f"{number:,}"
