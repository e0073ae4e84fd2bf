"""How pages word what the data keep otherwise: dates, numbers, names of classes, and commands within sentences."""

from __future__ import annotations

import calendar
import re
from datetime import datetime
from typing import Final

from flask import Flask
from markupsafe import Markup, escape

from .current import current_release

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MONTHS: Final = tuple(calendar.month_name)


def register(app: Flask) -> None:
    """Let the templates word what they show."""
    app.jinja_env.filters |= {
        "first_lower": lambda text: text[:1].lower() + text[1:],
        "human_date": human_date,
        "human_number": human_number,
        "with_code": with_code,
    }
    app.jinja_env.globals["plural_of"] = plural_of


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


def plural_of(name: str) -> str:
    """Return what the entities of a page class are called together."""
    return current_release().vocabulary.page_class_by_name[name].plural


def with_code(text: str) -> Markup:
    """Return a text with what stands between backticks in it as code; all else is escaped."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
