"""How pages word what the data keep otherwise: names of classes, addresses, and commands within sentences."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import Template
from markupsafe import Markup, escape

from ...formats.texts import isolated, readable
from ...formats.wording import html_date
from ..catalogues import current_catalogue
from ..current import current_release


class _Template(Template):
    """A template whose text has no characters that HTML and XML have no place for, whatever the data hold."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the text."""
        return readable(super().render(*args, **kwargs))


def register(app: Flask) -> None:
    """Let the templates word what they show."""
    app.jinja_env.template_class = _Template
    app.jinja_env.filters |= {
        "isolated": isolated,
        "host": host_of,
        "html_date": html_date,
        "with_code": with_code,
    }
    app.jinja_env.globals["plural_of"] = plural_of


def plural_of(name: str) -> str:
    """Return what the entities of a page class are called together."""
    plural: str = current_catalogue().said(current_release().schema.page_class_by_name[name].plural)
    return plural


def host_of(address: str) -> str:
    """Return the host of a web address as people call it; an address without one as a whole."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return address
    return host.removeprefix("www.") or address


def with_code(text: str) -> Markup:
    """Return a text as HTML, with the parts in backticks as code; the rest is escaped."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
