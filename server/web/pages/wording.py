"""How pages word what the data keep otherwise: dates, numbers, names of classes, and commands within sentences."""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup, escape

from ...formats.wording import human_date, human_number
from ..current import current_release


def register(app: Flask) -> None:
    """Let the templates word what they show."""
    app.jinja_env.filters |= {
        "first_lower": lambda text: text[:1].lower() + text[1:],
        "human_date": human_date,
        "human_number": human_number,
        "with_code": with_code,
    }
    app.jinja_env.globals["plural_of"] = plural_of


def plural_of(name: str) -> str:
    """Return what the entities of a page class are called together."""
    return current_release().schema.page_class_by_name[name].plural


def with_code(text: str) -> Markup:
    """Return a text as HTML, with the parts in backticks as code; the rest is escaped."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
